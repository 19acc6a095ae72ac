//! Who holds the key for talking. One talks while anybody does, so that a key which several of them see counts once.

use std::collections::BTreeSet;

/// Who can hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    /// The window, which sees keys while it has the focus.
    Window,
    /// A key that works from anywhere.
    Key,
    /// The desktop, by `snug-ptt`.
    Socket,
}

/// See the [module](self).
#[derive(Debug, Default)]
pub(super) struct Hold(BTreeSet<Holder>);

impl Hold {
    /// One of them holds it, or lets go. Says whether one talks from now on, if that is another than before.
    pub(super) fn set(&mut self, holder: Holder, down: bool) -> Option<bool> {
        let before = self.any();
        if down {
            self.0.insert(holder)
        } else {
            self.0.remove(&holder)
        };
        (self.any() != before).then_some(!before)
    }

    /// Whether one talks.
    pub(super) fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether one talks by something else than the window.
    pub(super) fn is_from_anywhere(&self) -> bool {
        self.0.iter().any(|holder| *holder != Holder::Window)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_two_see_is_held_once() {
        let mut hold = Hold::default();
        assert_eq!(hold.set(Holder::Key, true), Some(true));
        assert_eq!(hold.set(Holder::Window, true), None);
        assert_eq!(hold.set(Holder::Window, true), None);
        assert_eq!(hold.set(Holder::Key, false), None);
        assert!(!hold.is_from_anywhere());
        assert_eq!(hold.set(Holder::Window, false), Some(false));
        assert_eq!(hold.set(Holder::Window, false), None);
    }
}
