//! `snug-ptt`: what a desktop calls when a key is pressed, for desktops that give keys to commands only.
//!
//! It says one [`Word`] to the app, over a socket that only the same person can reach, and ends. It has no dependencies to speak of:
//! it has to have started before the first syllable.

mod client;

pub use client::main;

use std::{
    ffi::OsStr,
    fmt,
    path::{Path, PathBuf},
};

/// The longest line that either side says, with its end, in bytes.
pub const LONGEST: usize = 64;

/// What the app answers when it has done as it was told.
pub const DONE: &str = "ok";

/// What can be said, each on a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The key for talking is down, until it is said that it is up.
    Press,
    /// It is up.
    Release,
    /// Mute, or not any more.
    ToggleMute,
    /// Deafen, or not any more.
    ToggleDeafen,
}

impl Word {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Press, Self::Release, Self::ToggleMute, Self::ToggleDeafen];

    /// As it is said, and typed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Press => "press",
            Self::Release => "release",
            Self::ToggleMute => "toggle-mute",
            Self::ToggleDeafen => "toggle-deafen",
        }
    }

    /// As [`Self::as_str`] gives it.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|word| word.as_str() == text)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where the app listens, by the value of `XDG_RUNTIME_DIR`; nothing if that names no folder.
pub fn socket(runtime_dir: Option<&OsStr>) -> Option<PathBuf> {
    let folder = Path::new(runtime_dir?);
    folder.is_absolute().then(|| folder.join("snug").join("ptt.sock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_understood_and_nothing_else() {
        for word in Word::ALL {
            assert_eq!(Word::parse(word.as_str()), Some(word));
            assert!(word.as_str().len() < LONGEST);
        }
        for strange in ["", "Press", "press ", "toggle", "release\0"] {
            assert_eq!(Word::parse(strange), None, "{strange:?}");
        }
    }

    #[test]
    fn the_socket_is_in_the_folder_of_this_session() {
        assert_eq!(socket(Some(OsStr::new("/run/user/1000"))), Some(PathBuf::from("/run/user/1000/snug/ptt.sock")));
        assert_eq!(socket(Some(OsStr::new("here"))), None);
        assert_eq!(socket(None), None);
    }
}
