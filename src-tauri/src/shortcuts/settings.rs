//! What is set about shortcuts: a file of the app's, since keys must work before there is a window.

use super::keys::{Chord, Keys};
use crate::servers::replace;
use serde::{Deserialize, Serialize};
use snug_ipc::shortcuts::{ReadKeyboards, ShortcutAction};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// All that is set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    /// Keys are used while another program has the focus.
    pub(super) on: bool,
    pub(super) keyboards: ReadKeyboards,
    pub(super) keys: Keys,
}

impl Settings {
    /// Uses this key for this, and for nothing else.
    pub(super) fn choose(&mut self, action: ShortcutAction, chord: Chord) {
        self.keys.retain(|_, other| *other != chord);
        self.keys.insert(action, chord);
    }
}

/// The file.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    settings: Settings,
}

impl Kept {
    /// Reads it. One that makes no sense counts as none, and is overwritten with the next change.
    pub(super) fn open(path: &Path) -> Self {
        let settings = match fs::read(path) {
            Ok(text) => serde_json::from_slice(&text).unwrap_or_else(|error| {
                tracing::warn!(%error, "what was set about shortcuts cannot be understood");
                Settings::default()
            }),
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::warn!(%error, "what was set about shortcuts cannot be read");
                }
                Settings::default()
            }
        };
        let mut kept = Self { path: path.to_owned(), settings };
        kept.settings.keys.retain(|_, chord| chord.is_sound());
        kept
    }

    pub(super) fn get(&self) -> &Settings {
        &self.settings
    }

    /// Changes something. It counts even when it cannot be written.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Settings)) -> io::Result<()> {
        change(&mut self.settings);
        let text = serde_json::to_vec_pretty(&self.settings).expect("settings have string keys only");
        replace(&self.path, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shortcuts::keys::Modifier;
    use ShortcutAction::{Mute, Talk};

    fn chord(code: u16) -> Chord {
        Chord { modifiers: vec![Modifier::Ctrl], code }
    }

    #[test]
    fn what_is_set_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("snug/shortcuts.json");
        let mut kept = Kept::open(&path);
        assert_eq!(*kept.get(), Settings::default());
        kept.change(|settings| {
            settings.on = true;
            settings.keyboards = ReadKeyboards::Otherwise;
            settings.choose(Talk, chord(67));
        })
        .unwrap();
        assert_eq!(Kept::open(&path).get(), kept.get());
    }

    #[test]
    fn a_key_is_for_one_thing() {
        let mut settings = Settings::default();
        settings.choose(Talk, chord(67));
        settings.choose(Mute, chord(67));
        assert_eq!(settings.keys, Keys::from([(Mute, chord(67))]));
    }

    #[test]
    fn a_file_that_makes_no_sense_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shortcuts.json");
        for (text, on) in [
            ("{", false),
            (r#"{"on": true, "keys": {"talk": {"modifiers": [], "code": 0}}}"#, true),
            (r#"{"on": true, "keys": {"talk": {"modifiers": ["shift", "ctrl"], "code": 9}}}"#, true),
            (r#"{"on": true, "keys": {"talk": {"modifiers": [], "code": 70000}}}"#, false),
        ] {
            fs::write(&path, text).unwrap();
            let kept = Kept::open(&path);
            assert!(kept.get().keys.is_empty(), "{text}");
            assert_eq!(kept.get().on, on, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_written_counts_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a file").join("shortcuts.json");
        fs::write(folder.path().join("a file"), "").unwrap();
        let mut kept = Kept::open(&path);
        assert!(kept.change(|settings| settings.on = true).is_err());
        assert!(kept.get().on);
    }
}
