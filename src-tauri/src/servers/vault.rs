//! Where secrets are kept: the desktop's Secret Service, or an encrypted file where there is none.

use super::book::EntryId;
use oo7::{Keyring, Secret, file::UnlockedKeyring};
use snug_ipc::server::Kept;
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tokio::sync::OnceCell;

/// Why a secret cannot be kept or found.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The Secret Service, or the file.
    #[error("the secret store does not work")]
    Store(#[source] Box<oo7::Error>),
    /// The file.
    #[error("the file with secrets does not work")]
    File(#[source] Box<oo7::file::Error>),
    /// The key of the file.
    #[error("the key for the file with secrets cannot be read or written")]
    Key(#[from] io::Error),
    /// What was kept is no text.
    #[error("the secret store gave something that was never put there")]
    Strange,
}

impl From<oo7::Error> for VaultError {
    fn from(error: oo7::Error) -> Self {
        Self::Store(Box::new(error))
    }
}

impl From<oo7::file::Error> for VaultError {
    fn from(error: oo7::file::Error) -> Self {
        Self::File(Box::new(error))
    }
}

/// See the [module](self). Opened when something is wanted of it: a locked keyring asks for its password then.
#[derive(Debug)]
pub(super) struct Vault {
    folder: PathBuf,
    open: OnceCell<Open>,
}

#[derive(Debug)]
enum Open {
    Service(Keyring),
    File(UnlockedKeyring),
}

/// Bytes of the file's key.
const KEY: usize = 64;

impl Vault {
    /// `folder` is where the file is made if it must be.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, open: OnceCell::new() }
    }

    /// How secrets are kept here.
    pub(super) async fn kept(&self) -> Result<Kept, VaultError> {
        Ok(match self.open().await? {
            Open::Service(_) => Kept::SecretService,
            Open::File(_) => Kept::File,
        })
    }

    /// What was kept for an account.
    pub(super) async fn get(&self, entry: &EntryId) -> Result<Option<String>, VaultError> {
        let attributes = attributes(entry);
        let secret = match self.open().await? {
            Open::Service(keyring) => match keyring.search_items(&attributes).await?.first() {
                Some(item) => Some(item.secret().await?),
                None => None,
            },
            Open::File(keyring) => keyring.lookup_item(&attributes).await?.map(|item| item.as_unlocked().secret()),
        };
        secret.map(|secret| String::from_utf8(secret.as_bytes().to_vec()).map_err(|_| VaultError::Strange)).transpose()
    }

    /// Keeps something for an account, in place of what was kept before.
    pub(super) async fn set(&self, entry: &EntryId, label: &str, secret: &str) -> Result<(), VaultError> {
        let attributes = attributes(entry);
        match self.open().await? {
            Open::Service(keyring) => keyring.create_item(label, &attributes, Secret::text(secret), true).await?,
            Open::File(keyring) => drop(keyring.create_item(label, &attributes, Secret::text(secret), true).await?),
        }
        Ok(())
    }

    /// Forgets what was kept for an account.
    pub(super) async fn remove(&self, entry: &EntryId) -> Result<(), VaultError> {
        let attributes = attributes(entry);
        match self.open().await? {
            Open::Service(keyring) => keyring.delete(&attributes).await?,
            Open::File(keyring) => keyring.delete(&attributes).await?,
        }
        Ok(())
    }

    async fn open(&self) -> Result<&Open, VaultError> {
        self.open
            .get_or_try_init(|| async {
                match service().await {
                    Ok(keyring) => Ok(Open::Service(keyring)),
                    Err(error) => {
                        tracing::warn!(%error, "there is no Secret Service: secrets are kept in a file");
                        let key = Secret::blob(key(&self.folder.join("secrets.key"))?);
                        Ok(Open::File(UnlockedKeyring::load(self.folder.join("secrets.keyring"), key).await?))
                    }
                }
            })
            .await
    }
}

async fn service() -> Result<Keyring, oo7::Error> {
    let keyring = Keyring::new().await?;
    keyring.unlock().await?;
    Ok(keyring)
}

fn attributes(entry: &EntryId) -> [(&'static str, String); 2] {
    [("application", "app.snug.Snug".to_owned()), ("account", entry.as_str().to_owned())]
}

/// The file's key, made at the first time.
fn key(path: &Path) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Ok(key) if key.len() == KEY => Ok(key),
        Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidData, format!("{} is not what was written there", path.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut key = vec![0; KEY];
            getrandom::fill(&mut key).map_err(io::Error::other)?;
            super::book::replace(path, &key)?;
            Ok(key)
        }
        Err(error) => Err(error),
    }
}
