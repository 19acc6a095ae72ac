//! What is set for the app on this computer: a small file, and the one that starts it with the session.

use super::autostart::{Autostart, Starts};
use crate::servers::replace;
use serde::{Deserialize, Serialize};
use snug_ipc::shell::ShellSettings;
use std::{
    fs, io,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What is in the file. What is missing is as it was meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    close_to_tray: bool,
    /// As it was when it last started with the session, or would have.
    hidden: bool,
    /// It has been told that the app stays in the tray.
    told_of_tray: bool,
}

impl Default for Kept {
    fn default() -> Self {
        Self { close_to_tray: true, hidden: true, told_of_tray: false }
    }
}

/// See the [module](self).
#[derive(Debug)]
pub struct Settings {
    file: PathBuf,
    autostart: Autostart,
    kept: Mutex<Kept>,
}

impl Settings {
    /// Reads them. A file that makes no sense counts as none: it holds nothing that could not be set again.
    pub fn open(file: PathBuf, autostart: Autostart) -> Self {
        let text = fs::read(&file).unwrap_or_default();
        let kept = serde_json::from_slice(&text).unwrap_or_default();
        Self { file, autostart, kept: Mutex::new(kept) }
    }

    /// All of them.
    pub fn get(&self) -> ShellSettings {
        let Kept { close_to_tray, hidden, .. } = *self.kept();
        match self.autostart.get() {
            Starts::Never => ShellSettings { autostart: false, hidden, close_to_tray },
            Starts::Shown => ShellSettings { autostart: true, hidden: false, close_to_tray },
            Starts::Hidden => ShellSettings { autostart: true, hidden: true, close_to_tray },
        }
    }

    /// Changes them.
    pub fn set(&self, settings: ShellSettings) -> io::Result<()> {
        let ShellSettings { autostart, hidden, close_to_tray } = settings;
        self.autostart.set(match (autostart, hidden) {
            (false, _) => Starts::Never,
            (true, false) => Starts::Shown,
            (true, true) => Starts::Hidden,
        })?;
        self.change(|kept| *kept = Kept { close_to_tray, hidden, ..*kept })
    }

    /// Whether it has been told that the app stays in the tray.
    pub fn is_tray_told(&self) -> bool {
        self.kept().told_of_tray
    }

    /// It has been told now.
    pub fn tray_told(&self) -> io::Result<()> {
        self.change(|kept| kept.told_of_tray = true)
    }

    fn change(&self, change: impl FnOnce(&mut Kept)) -> io::Result<()> {
        let mut kept = self.kept();
        let before = *kept;
        change(&mut kept);
        if *kept == before {
            return Ok(());
        }
        replace(&self.file, &serde_json::to_vec_pretty(&*kept).expect("settings are plain"))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn open(folder: &Path) -> Settings {
        Settings::open(folder.join("shell.json"), Autostart::new(folder, "/usr/bin/snug-desktop".into()))
    }

    #[test]
    fn what_is_set_is_so_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(open(folder.path()).get(), ShellSettings { autostart: false, hidden: true, close_to_tray: true });
        for settings in [
            ShellSettings { autostart: true, hidden: false, close_to_tray: false },
            ShellSettings { autostart: true, hidden: true, close_to_tray: true },
            ShellSettings { autostart: false, hidden: false, close_to_tray: true },
        ] {
            open(folder.path()).set(settings).unwrap();
            assert_eq!(open(folder.path()).get(), settings);
        }
    }

    #[test]
    fn that_it_was_told_that_the_app_stays_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!open(folder.path()).is_tray_told());
        open(folder.path()).tray_told().unwrap();
        assert!(open(folder.path()).is_tray_told());
    }

    #[test]
    fn settings_that_make_no_sense_are_as_they_were_meant() {
        let folder = tempfile::tempdir().unwrap();
        for odd in ["{", "[]", "{\"close_to_tray\": 7}"] {
            fs::write(folder.path().join("shell.json"), odd).unwrap();
            assert!(open(folder.path()).get().close_to_tray, "{odd}");
        }
    }
}
