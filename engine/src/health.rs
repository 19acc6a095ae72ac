//! What went wrong, or right again, in words for people.

use crate::device::Direction;
use std::fmt;

/// Something that makes a call worse, or its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// A device was unplugged, or the sound server went away.
    DeviceLost {
        /// Which way.
        direction: Direction,
        /// Which.
        name: String,
    },
    /// Another device stands in for the chosen one.
    DeviceReplaced {
        /// Which way.
        direction: Direction,
        /// Which one is used now.
        name: String,
    },
    /// The chosen device is used again.
    DeviceBack {
        /// Which way.
        direction: Direction,
        /// Which.
        name: String,
    },
    /// There is none that works.
    NoDevice {
        /// Which way.
        direction: Direction,
        /// Why the last one did not.
        reason: String,
        /// What helps.
        hint: &'static str,
    },
    /// Nothing comes through.
    NetworkLost,
    /// It does again.
    NetworkBack,
    /// The server's offer could not be answered.
    Refused {
        /// Why.
        reason: String,
    },
    /// One speaks, and nothing of it arrives at the server.
    NotHeard,
    /// It does again.
    HeardAgain,
    /// This machine is too slow, or busy: sound is late.
    Overloaded {
        /// By how much, in milliseconds.
        late_ms: u64,
    },
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = |direction: &Direction| match direction {
            Direction::Input => "microphone",
            Direction::Output => "loudspeaker",
        };
        match self {
            Self::DeviceLost { direction, name } => write!(f, "The {} “{name}” is gone.", noun(direction)),
            Self::DeviceReplaced { direction, name } => write!(f, "The {} “{name}” is used in its place.", noun(direction)),
            Self::DeviceBack { direction, name } => write!(f, "The {} “{name}” is used again.", noun(direction)),
            Self::NoDevice { direction, reason, hint } => write!(f, "There is no {} that works: {reason}. {hint}", noun(direction)),
            Self::NetworkLost => write!(f, "Nothing comes through to the server."),
            Self::NetworkBack => write!(f, "The server is reached again."),
            Self::Refused { reason } => write!(f, "The call could not be set up: {reason}."),
            Self::NotHeard => write!(f, "You are not heard: nothing of your voice arrives at the server."),
            Self::HeardAgain => write!(f, "You are heard again."),
            Self::Overloaded { late_ms } => write!(f, "This machine is busy: sound is {late_ms} ms late."),
        }
    }
}
