//! Against a real keyring, gnome-keyring, on a bus of the test's own.

#[expect(dead_code, reason = "the tests of what is around the window need all of it")]
#[path = "../../tests/shell/bus.rs"]
mod bus;

use super::*;
use std::{
    io::Write as _,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// For what takes milliseconds on a machine with nothing else to do.
const PATIENCE: Duration = Duration::from_secs(30);

/// A desktop whose keyring comes and goes.
struct Desktop {
    folder: TempDir,
    daemon: Option<Child>,
}

impl Desktop {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), daemon: None }
    }

    fn vault(&self) -> Vault {
        Vault::new(self.folder.path().join("app"))
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("app/secrets.keyring")
    }

    /// Starts the keyring, which is made the first time that it is unlocked.
    async fn start(&mut self, unlocked: bool) {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]).args(unlocked.then_some("--unlock"));
        for name in ["HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"] {
            command.env(name, self.folder.path());
        }
        let program = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let daemon = self.daemon.insert(program.expect("gnome-keyring is installed"));
        let mut asked = daemon.stdin.take().unwrap();
        if unlocked {
            asked.write_all(b"password of the desktop").unwrap();
        }
        drop(asked);
        self.until(Kept::SecretService).await;
    }

    async fn stop(&mut self) {
        let mut daemon = self.daemon.take().unwrap();
        daemon.kill().unwrap();
        daemon.wait().unwrap();
        self.until(Kept::File).await;
    }

    async fn until(&self, kept: Kept) {
        let begun = Instant::now();
        while self.vault().kept().await != kept {
            assert!(begun.elapsed() < PATIENCE, "waiting until it is {kept:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        if let Some(daemon) = &mut self.daemon {
            daemon.kill().unwrap();
            daemon.wait().unwrap();
        }
    }
}

fn entry() -> EntryId {
    EntryId::parse("0123456789abcdef").unwrap()
}

async fn got(vault: &Vault) -> Option<String> {
    vault.get(&entry()).await.unwrap()
}

#[tokio::test]
async fn a_keyring_that_starts_later_or_anew_is_found() {
    if !bus::inside("servers::vault::tests::a_keyring_that_starts_later_or_anew_is_found") {
        return;
    }
    let mut desktop = Desktop::new();
    let vault = desktop.vault();
    assert_eq!((vault.kept().await, got(&vault).await), (Kept::File, None));
    desktop.start(true).await;
    assert_eq!(vault.kept().await, Kept::SecretService);
    vault.set(&entry(), "Snug", "one").await.unwrap();
    assert!(!desktop.file().exists());
    // The new one knows nothing of what was open at the old one.
    desktop.stop().await;
    desktop.start(true).await;
    assert_eq!(got(&vault).await.as_deref(), Some("one"));
    desktop.stop().await;
    desktop.start(true).await;
    vault.set(&entry(), "Snug", "two").await.unwrap();
    assert_eq!(got(&desktop.vault()).await.as_deref(), Some("two"));
    vault.remove(&entry()).await.unwrap();
    assert_eq!(got(&vault).await, None);
}

#[tokio::test]
async fn what_a_keyring_keeps_is_not_taken_for_nothing_when_it_is_gone_or_locked() {
    if !bus::inside("servers::vault::tests::what_a_keyring_keeps_is_not_taken_for_nothing_when_it_is_gone_or_locked") {
        return;
    }
    let mut desktop = Desktop::new();
    desktop.start(true).await;
    let vault = desktop.vault();
    vault.set(&entry(), "Snug", "one").await.unwrap();
    desktop.stop().await;
    assert!(matches!(vault.get(&entry()).await, Err(VaultError::Store(_))));
    assert_eq!(vault.kept().await, Kept::SecretService);
    // There is nobody here who could ask for the password, which is as if somebody did not want to give it.
    desktop.start(false).await;
    for vault in [&vault, &desktop.vault()] {
        for _ in 0..2 {
            assert!(matches!(vault.get(&entry()).await, Err(VaultError::Locked)));
        }
        assert_eq!(vault.kept().await, Kept::SecretService);
    }
    assert!(!desktop.file().exists());
    desktop.stop().await;
    desktop.start(true).await;
    assert_eq!(got(&vault).await.as_deref(), Some("one"));
}

#[tokio::test]
async fn what_was_kept_without_a_keyring_is_newer_than_what_is_in_it() {
    if !bus::inside("servers::vault::tests::what_was_kept_without_a_keyring_is_newer_than_what_is_in_it") {
        return;
    }
    let mut desktop = Desktop::new();
    desktop.start(true).await;
    desktop.vault().set(&entry(), "Snug", "old").await.unwrap();
    desktop.stop().await;
    let vault = desktop.vault();
    vault.set(&entry(), "Snug", "new").await.unwrap();
    assert!(desktop.file().exists());
    desktop.start(true).await;
    assert_eq!(got(&vault).await.as_deref(), Some("new"));
    vault.set(&entry(), "Snug", "newer").await.unwrap();
    for vault in [&vault, &desktop.vault()] {
        assert_eq!(got(vault).await.as_deref(), Some("newer"));
    }
    vault.remove(&entry()).await.unwrap();
    assert_eq!(got(&vault).await, None);
}

#[tokio::test]
async fn whoever_does_not_want_a_keyring_to_be_made_has_a_file() {
    if !bus::inside("servers::vault::tests::whoever_does_not_want_a_keyring_to_be_made_has_a_file") {
        return;
    }
    let mut desktop = Desktop::new();
    desktop.start(false).await;
    let vault = desktop.vault();
    assert_eq!((got(&vault).await, vault.kept().await), (None, Kept::File));
    vault.set(&entry(), "Snug", "one").await.unwrap();
    assert!(desktop.file().exists());
    // Made after all.
    desktop.stop().await;
    desktop.start(true).await;
    vault.set(&entry(), "Snug", "two").await.unwrap();
    assert_eq!((got(&vault).await.as_deref(), vault.kept().await), (Some("two"), Kept::SecretService));
}
