//! How keys reach the app, and what a way tells.

use super::{evdev, portal, socket, x11};
use snug_ipc::shortcuts::{ReadKeyboards, ShortcutAction, ShortcutWay};
use std::collections::BTreeMap;
use tokio::sync::mpsc;

/// What the desktop calls its keys.
pub(super) type Labels = BTreeMap<ShortcutAction, String>;

/// What a way tells.
pub(super) enum Signal {
    /// The desktop asks whoever sits there.
    Asking,
    /// It works from now on.
    Up,
    /// The desktop has such keys.
    Labels(Labels),
    /// A key for this went down, or came up.
    Act(ShortcutAction, bool),
    /// A key of some keyboard or mouse went down, or came up; by its number in Linux.
    Key(u16, bool),
}

/// Which try of which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) way: ShortcutWay,
    /// Counts the tries: what an earlier one told comes too late.
    pub(super) turn: u64,
}

/// What a way tells, and which.
pub(super) type News = (Origin, Signal);

/// A way's line to the desk.
#[derive(Clone)]
pub(super) struct Tell {
    pub(super) origin: Origin,
    pub(super) news: mpsc::Sender<News>,
}

impl Tell {
    /// Waits while the desk is behind: what is lost here could be a key that comes up.
    pub(super) async fn tell(&self, signal: Signal) {
        // Nobody hears it if the app is at its end.
        drop(self.news.send((self.origin, signal)).await);
    }
}

/// Why a way does not work.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Portal(#[from] portal::Trouble),
    #[error(transparent)]
    X11(#[from] x11::Trouble),
    #[error(transparent)]
    Socket(#[from] socket::Trouble),
    #[error(transparent)]
    Evdev(#[from] evdev::Trouble),
    /// A fault in the program.
    #[error("it failed in a way that nobody thought of")]
    Panicked,
}

impl Trouble {
    /// Whether it is what somebody wants, or nobody is there to want anything: one must not be asked again and again.
    pub(super) fn is_answer(&self) -> bool {
        matches!(self, Self::Portal(portal::Trouble::Refused | portal::Trouble::Unanswered))
    }

    /// What helps.
    pub(super) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Portal(trouble) => trouble.hint(),
            Self::X11(trouble) => trouble.hint(),
            Self::Socket(trouble) => trouble.hint(),
            Self::Evdev(trouble) => trouble.hint(),
            Self::Panicked => None,
        }
    }
}

/// The ways that find keys by themselves, best first. Beside them there is always the socket.
pub(super) const fn order(keyboards: ReadKeyboards) -> &'static [ShortcutWay] {
    match keyboards {
        ReadKeyboards::Never => &[ShortcutWay::Portal, ShortcutWay::X11],
        ReadKeyboards::Otherwise => &[ShortcutWay::Portal, ShortcutWay::X11, ShortcutWay::Evdev],
        ReadKeyboards::First => &[ShortcutWay::Evdev, ShortcutWay::Portal, ShortcutWay::X11],
    }
}
