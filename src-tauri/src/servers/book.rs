//! The servers that were added, and who one is on each: a file that is written anew with every change, and holds no secret.

use serde::{Deserialize, Serialize};
use snug_client::Fingerprint;
use snug_ipc::server::KnownAccount;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// So many servers nobody has.
pub(super) const MOST: usize = 100;
/// The longest name that is kept, in characters.
const MOST_CHARS: usize = 100;

/// Names one account on one server, as long as it is in the book.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(String);

impl EntryId {
    fn new() -> Self {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).expect("the system gives random bytes");
        Self(data_encoding::HEXLOWER.encode(&bytes))
    }

    /// As [`Self::as_str`] gives it; nothing if it can be none.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase());
        plain.then(|| Self(text.to_owned()))
    }

    /// As it is written in files and addresses: 16 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One account on one server; two accounts on the same server are two entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Which.
    pub id: EntryId,
    /// `https://snug.example:7070`, without anything behind it.
    pub origin: String,
    /// What the server calls itself, as it said last.
    pub name: String,
    /// The one certificate that is believed, if it is not one that this machine trusts anyway.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "fingerprint")]
    pub pinned: Option<Fingerprint>,
    /// Who one is there, for what is shown before the server is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<KnownAccount>,
}

impl From<&Entry> for snug_ipc::server::Entry {
    fn from(entry: &Entry) -> Self {
        let Entry { id, origin, name, pinned, account } = entry.clone();
        Self { id: id.0, origin, name, pinned: pinned.map(|fingerprint| fingerprint.to_string()), account }
    }
}

/// Why the book cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The file.
    #[error("the list of servers in {path} cannot be {what}")]
    File {
        /// Which.
        path: PathBuf,
        /// Read or written.
        what: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Too many.
    #[error("there are {MOST} servers already: remove one first")]
    Full,
    /// There is none of this id.
    #[error("this server was removed")]
    Unknown,
    /// An order that leaves some out, or has some twice.
    #[error("the order does not name every server once")]
    Order,
}

/// See the [module](self).
#[derive(Debug)]
pub struct Book {
    path: PathBuf,
    entries: Vec<Entry>,
}

/// The file.
#[derive(Default, Serialize, Deserialize)]
struct Pages {
    servers: Vec<Entry>,
}

impl Book {
    /// Reads it. A file that makes no sense is set aside, so that it can be looked at, and the book begins empty.
    pub fn open(path: PathBuf) -> Result<Self, BookError> {
        let entries = match fs::read(&path) {
            Ok(text) => match serde_json::from_slice::<Pages>(&text) {
                Ok(pages) => pages.servers,
                Err(error) => {
                    let aside = path.with_extension("json.unreadable");
                    tracing::warn!(%error, aside = %aside.display(), "the list of servers cannot be understood: it is set aside");
                    fs::rename(&path, aside).map_err(|source| BookError::File { path: path.clone(), what: "set aside", source })?;
                    Vec::new()
                }
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(source) => return Err(BookError::File { path, what: "read", source }),
        };
        Ok(Self { path, entries })
    }

    /// All, in the order that they are shown in.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// One of them.
    pub fn get(&self, id: &EntryId) -> Result<&Entry, BookError> {
        self.entries.iter().find(|entry| entry.id == *id).ok_or(BookError::Unknown)
    }

    /// Adds an account that is not known yet on a server.
    pub fn add(&mut self, origin: String, name: &str, pinned: Option<Fingerprint>) -> Result<Entry, BookError> {
        if self.entries.len() >= MOST {
            return Err(BookError::Full);
        }
        let entry = Entry { id: EntryId::new(), origin, name: shortened(name), pinned, account: None };
        let mut entries = self.entries.clone();
        entries.push(entry.clone());
        self.write(entries)?;
        Ok(entry)
    }

    /// Changes one of them.
    pub fn change(&mut self, id: &EntryId, change: impl FnOnce(&mut Entry)) -> Result<(), BookError> {
        let mut entries = self.entries.clone();
        let entry = entries.iter_mut().find(|entry| entry.id == *id).ok_or(BookError::Unknown)?;
        change(entry);
        entry.name = shortened(&entry.name);
        if entries == self.entries { Ok(()) } else { self.write(entries) }
    }

    /// Forgets one of them.
    pub fn remove(&mut self, id: &EntryId) -> Result<(), BookError> {
        self.get(id)?;
        self.write(self.entries.iter().filter(|entry| entry.id != *id).cloned().collect())
    }

    /// Puts them into another order.
    pub fn order(&mut self, ids: &[EntryId]) -> Result<(), BookError> {
        let mut left = self.entries.clone();
        let mut entries = Vec::new();
        for id in ids {
            let at = left.iter().position(|entry| entry.id == *id).ok_or(BookError::Order)?;
            entries.push(left.remove(at));
        }
        if left.is_empty() { self.write(entries) } else { Err(BookError::Order) }
    }

    /// The new file takes the place of the old one when all of it is on the disk.
    fn write(&mut self, entries: Vec<Entry>) -> Result<(), BookError> {
        let pages = Pages { servers: entries };
        let text = serde_json::to_vec_pretty(&pages).expect("the book has string keys only");
        replace(&self.path, &text).map_err(|source| BookError::File { path: self.path.clone(), what: "written", source })?;
        self.entries = pages.servers;
        Ok(())
    }
}

/// Writes a file for nobody else's eyes, whole or not at all.
pub(crate) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let new = path.with_extension("new");
    let mut file: File = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(new, path)
}

fn shortened(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(MOST_CHARS).collect()
}

/// A fingerprint as people see it.
mod fingerprint {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use snug_client::Fingerprint;

    pub(super) fn serialize<S: Serializer>(value: &Option<Fingerprint>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(fingerprint) => serializer.collect_str(fingerprint),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(deserializer: D) -> Result<Option<Fingerprint>, D::Error> {
        let text: Option<String> = Option::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn book() -> (tempfile::TempDir, Book) {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::open(folder.path().join("snug/servers.json")).unwrap();
        (folder, book)
    }

    fn names(book: &Book) -> Vec<&str> {
        book.entries().iter().map(|entry| entry.name.as_str()).collect()
    }

    #[test]
    fn what_is_added_is_there_after_a_restart() {
        let (_folder, mut book) = book();
        let pinned: Fingerprint = [0x8F; 32].map(|byte| format!("{byte:02X}")).join(":").parse().unwrap();
        let entry = book.add("https://snug.example".into(), "Hearth", Some(pinned)).unwrap();
        let account = KnownAccount { username: "ilse".into(), display_name: "Ilse".into() };
        book.change(&entry.id, |entry| entry.account = Some(account)).unwrap();
        let again = Book::open(book.path.clone()).unwrap();
        assert_eq!(again.entries(), book.entries());
        assert_eq!(again.entries()[0].pinned, Some(pinned));
        assert_eq!(fs::metadata(&book.path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn the_same_server_can_be_there_with_two_accounts() {
        let (_folder, mut book) = book();
        let one = book.add("https://snug.example".into(), "Hearth", None).unwrap();
        let other = book.add("https://snug.example".into(), "Hearth", None).unwrap();
        assert_ne!(one.id, other.id);
        book.remove(&one.id).unwrap();
        assert_eq!(book.entries(), [other]);
        assert!(matches!(book.remove(&one.id), Err(BookError::Unknown)));
    }

    #[test]
    fn an_order_names_every_server_once() {
        let (_folder, mut book) = book();
        let ids = ["a", "b", "c"].map(|name| book.add(format!("https://{name}.example"), name, None).unwrap().id);
        let [a, b, c] = ids.clone();
        book.order(&[c.clone(), a.clone(), b.clone()]).unwrap();
        assert_eq!(names(&book), ["c", "a", "b"]);
        for wrong in [vec![a.clone(), b.clone()], vec![a.clone(), a.clone(), b], vec![a, c.clone(), c]] {
            assert!(matches!(book.order(&wrong), Err(BookError::Order)), "{wrong:?}");
        }
        assert_eq!(names(&Book::open(book.path.clone()).unwrap()), ["c", "a", "b"]);
    }

    #[test]
    fn a_book_that_makes_no_sense_is_set_aside() {
        let (_folder, mut book) = book();
        book.add("https://snug.example".into(), "Hearth", None).unwrap();
        fs::write(&book.path, "{\"servers\": [{\"id\":").unwrap();
        let again = Book::open(book.path.clone()).unwrap();
        assert!(again.entries().is_empty());
        assert!(book.path.with_extension("json.unreadable").exists());
    }

    #[test]
    fn there_is_an_end_to_it() {
        let (_folder, mut book) = book();
        for number in 0..MOST {
            book.add("https://snug.example".into(), &format!("{number}\n{}", "x".repeat(200)), None).unwrap();
        }
        assert!(matches!(book.add("https://snug.example".into(), "one more", None), Err(BookError::Full)));
        assert!(book.entries().iter().all(|entry| entry.name.chars().count() == MOST_CHARS && !entry.name.contains('\n')));
    }
}
