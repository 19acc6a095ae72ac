//! The servers that one has added: which there are, who one is on each, and the way to them.

mod book;
mod keyring;
mod link;
mod paths;
mod socket;
mod vault;

pub(crate) use book::replace;
pub use book::{Book, BookError, Entry, EntryId};
pub use link::{Answer, Ask, LinkError};
pub use socket::SocketId;
pub use vault::VaultError;

use link::Link;
use snug_client::{Address, Failure, Fingerprint, Trust};
use snug_ipc::server::{Kept, KnownAccount, SocketEvent};
use snug_protocol::rest::ServerInfo;
use socket::Sockets;
use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use vault::Vault;

/// What a server says of itself before one is anybody there.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where it is.
    pub origin: String,
    /// What it says.
    pub info: ServerInfo,
}

/// Why something with a server did not work.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The list of servers.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The way there.
    #[error(transparent)]
    Link(#[from] LinkError),
}

impl From<Failure> for ServerError {
    fn from(failure: Failure) -> Self {
        Self::Link(failure.into())
    }
}

impl From<VaultError> for ServerError {
    fn from(error: VaultError) -> Self {
        Self::Link(error.into())
    }
}

/// See the [module](self).
#[derive(Debug)]
pub struct Servers {
    book: Mutex<Book>,
    vault: Arc<Vault>,
    /// As the book has them. Who changes an entry that has one holds this meanwhile, and takes it before the book.
    links: Mutex<HashMap<EntryId, Arc<Link>>>,
    sockets: Sockets,
}

impl Servers {
    /// Reads which there are from a folder.
    pub fn open(folder: &Path) -> Result<Self, BookError> {
        Ok(Self {
            book: Mutex::new(Book::open(folder.join("servers.json"))?),
            vault: Arc::new(Vault::new(folder.to_owned())),
            links: Mutex::default(),
            sockets: Sockets::default(),
        })
    }

    /// All, in their order.
    pub fn entries(&self) -> Vec<Entry> {
        self.book().entries().to_vec()
    }

    /// How secrets are kept here.
    pub async fn kept(&self) -> Kept {
        self.vault.kept().await
    }

    /// Looks who is at an address. A certificate that this machine does not trust is [`Failure::Untrusted`], unless it is the one
    /// that is believed.
    pub async fn find(&self, address: &str, pinned: Option<Fingerprint>) -> Result<Found, ServerError> {
        let address = Address::parse(address, pinned.map_or(Trust::System, Trust::Pinned))?;
        let info: ServerInfo = address.get("/server").await?;
        Ok(Found { origin: address.origin(), info })
    }

    /// Adds an account that is to be, on a server that [`Self::find`] found.
    pub fn add(&self, found: &Found, pinned: Option<Fingerprint>) -> Result<Entry, BookError> {
        self.book().add(found.origin.clone(), &found.info.name, pinned)
    }

    /// Keeps what the server calls itself, and who one is there.
    pub fn know(&self, id: &EntryId, name: Option<String>, account: Option<KnownAccount>) -> Result<(), BookError> {
        self.book().change(id, |entry| {
            if let Some(name) = name {
                entry.name = name;
            }
            entry.account = account.or(entry.account.take());
        })
    }

    /// Believes another certificate than before: the server has made a new one, and its fingerprint was compared.
    pub fn pin(&self, id: &EntryId, fingerprint: Fingerprint) -> Result<(), BookError> {
        let mut links = self.links();
        self.book().change(id, |entry| entry.pinned = Some(fingerprint))?;
        links.remove(id);
        Ok(())
    }

    /// Forgets an account, and what was kept for it.
    pub async fn remove(&self, id: &EntryId) -> Result<(), ServerError> {
        self.book().get(id)?;
        // First: while the account is in the book, one can try again.
        self.vault.remove(id).await?;
        let mut links = self.links();
        self.book().remove(id)?;
        links.remove(id);
        Ok(())
    }

    /// Puts them into another order.
    pub fn order(&self, ids: &[EntryId]) -> Result<(), BookError> {
        self.book().order(ids)
    }

    /// Asks a server.
    pub async fn ask(&self, id: &EntryId, ask: Ask) -> Result<Answer, ServerError> {
        Ok(self.link(id)?.ask(ask).await?)
    }

    /// Opens a gateway socket; what it says goes to `told`, and [`SocketEvent::Closed`] is the last of it.
    pub fn connect(&self, id: &EntryId, told: impl Fn(SocketEvent) + Send + Sync + 'static) -> Result<SocketId, ServerError> {
        Ok(self.sockets.open(self.link(id)?.address().clone(), told))
    }

    /// The open sockets.
    pub fn sockets(&self) -> &Sockets {
        &self.sockets
    }

    fn link(&self, id: &EntryId) -> Result<Arc<Link>, ServerError> {
        let mut links = self.links();
        let entry = self.book().get(id)?.clone();
        if let Some(link) = links.get(id) {
            return Ok(link.clone());
        }
        let address = Address::parse(&entry.origin, entry.pinned.map_or(Trust::System, Trust::Pinned))?;
        let link = Arc::new(Link::new(entry.id, address, self.vault.clone())?);
        links.insert(id.clone(), link.clone());
        Ok(link)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn links(&self) -> MutexGuard<'_, HashMap<EntryId, Arc<Link>>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
