//! Where secrets are kept: the desktop's Secret Service, or an encrypted file where there is none.

use super::{book::EntryId, keyring::Service};
use oo7::{Secret, dbus, file::UnlockedKeyring};
use snug_ipc::server::Kept;
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tokio::sync::OnceCell;

/// Why a secret cannot be kept or found.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Whoever sits there has not unlocked it.
    #[error("the desktop's keyring is locked")]
    Locked,
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
        match error {
            oo7::Error::DBus(dbus::Error::Dismissed) => Self::Locked,
            error => Self::Store(Box::new(error)),
        }
    }
}

impl From<oo7::file::Error> for VaultError {
    fn from(error: oo7::file::Error) -> Self {
        Self::File(Box::new(error))
    }
}

/// See the [module](self).
///
/// Invariant: what the file keeps for an account is newer than what the service keeps for it. The file is written only while there is no
/// service, and what the service is given is taken out of the file.
#[derive(Debug)]
pub(super) struct Vault {
    folder: PathBuf,
    service: Service,
    file: OnceCell<UnlockedKeyring>,
}

/// Bytes of the file's key.
const KEY: usize = 64;

impl Vault {
    /// `folder` is where the file is made if it must be.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, service: Service::default(), file: OnceCell::new() }
    }

    /// How secrets are kept here. Nobody is asked to unlock anything.
    pub(super) async fn kept(&self) -> Kept {
        if self.service.is_there().await { Kept::SecretService } else { Kept::File }
    }

    /// What was kept for an account: also by a start without a Secret Service.
    pub(super) async fn get(&self, entry: &EntryId) -> Result<Option<String>, VaultError> {
        let attributes = attributes(entry);
        if let Some(file) = self.file_if_there().await?
            && let Some(item) = file.lookup_item(&attributes).await?
        {
            return text(&item.as_unlocked().secret()).map(Some);
        }
        let attributes = &attributes;
        let found = self.service.with(|keyring| async move {
            match keyring.search_items(attributes).await?.first() {
                Some(item) => item.secret().await.map(Some),
                // Some say that it is unlocked while it is not, and find nothing.
                None if keyring.is_locked().await? => Err(dbus::Error::Dismissed.into()),
                None => Ok(None),
            }
        });
        found.await?.flatten().as_ref().map(text).transpose()
    }

    /// Keeps something for an account, in place of what was kept before.
    pub(super) async fn set(&self, entry: &EntryId, label: &str, secret: &str) -> Result<(), VaultError> {
        let attributes = &attributes(entry);
        let kept = self.service.with(|keyring| async move { keyring.create_item(label, attributes, Secret::text(secret), true).await });
        if kept.await?.is_none() {
            self.file().await?.create_item(label, attributes, Secret::text(secret), true).await?;
        } else if let Some(file) = self.file_if_there().await? {
            file.delete(attributes).await?;
        }
        Ok(())
    }

    /// Forgets what was kept for an account.
    pub(super) async fn remove(&self, entry: &EntryId) -> Result<(), VaultError> {
        let attributes = &attributes(entry);
        self.service.with(|keyring| async move { keyring.delete(attributes).await }).await?;
        if let Some(file) = self.file_if_there().await? {
            file.delete(attributes).await?;
        }
        Ok(())
    }

    async fn file_if_there(&self) -> Result<Option<&UnlockedKeyring>, VaultError> {
        let there = self.file.initialized() || self.path().exists();
        if there { self.file().await.map(Some) } else { Ok(None) }
    }

    async fn file(&self) -> Result<&UnlockedKeyring, VaultError> {
        self.file
            .get_or_try_init(|| async {
                let key = Secret::blob(key(&self.folder.join("secrets.key"))?);
                Ok(UnlockedKeyring::load(self.path(), key).await?)
            })
            .await
    }

    fn path(&self) -> PathBuf {
        self.folder.join("secrets.keyring")
    }
}

fn text(secret: &Secret) -> Result<String, VaultError> {
    String::from_utf8(secret.as_bytes().to_vec()).map_err(|_| VaultError::Strange)
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

#[cfg(test)]
#[path = "vault_tests.rs"]
mod tests;
