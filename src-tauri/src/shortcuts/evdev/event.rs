//! The kernel's events (`struct input_event`, `linux/input.h`), as they lie in what is read.

/// A `timeval` of the machine's words, two numbers of 16 bits, one of 32.
pub(super) const SIZE: usize = 2 * size_of::<usize>() + 8;

/// What matters of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A key or a button went down, or came up.
    Key(u16, bool),
    /// The kernel has thrown events away: what is down is not known.
    Dropped,
}

const EV_SYN: u16 = 0;
const SYN_DROPPED: u16 = 3;
const EV_KEY: u16 = 1;

/// Reads whole events; one that is cut off at the end is left out, and the kernel never does that.
pub(super) fn events(read: &[u8]) -> impl Iterator<Item = Event> + '_ {
    read.chunks_exact(SIZE).filter_map(|event| {
        let at = |index: usize| [event[SIZE - 8 + index], event[SIZE - 7 + index]];
        let (kind, code) = (u16::from_ne_bytes(at(0)), u16::from_ne_bytes(at(2)));
        let value = i32::from_ne_bytes([event[SIZE - 4], event[SIZE - 3], event[SIZE - 2], event[SIZE - 1]]);
        match (kind, code, value) {
            (EV_SYN, SYN_DROPPED, _) => Some(Event::Dropped),
            (EV_KEY, _, 0) => Some(Event::Key(code, false)),
            (EV_KEY, _, 1) => Some(Event::Key(code, true)),
            // 2 is a key that repeats itself.
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(kind: u16, code: u16, value: i32) -> Vec<u8> {
        [vec![0xAB; SIZE - 8], kind.to_ne_bytes().into(), code.to_ne_bytes().into(), value.to_ne_bytes().into()].concat()
    }

    #[test]
    fn presses_and_releases_are_read_and_nothing_else() {
        let read =
            [raw(4, 4, 30), raw(EV_KEY, 30, 1), raw(EV_SYN, 0, 0), raw(EV_KEY, 30, 2), raw(2, 0, 1), raw(EV_KEY, 30, 0), raw(EV_SYN, SYN_DROPPED, 0)]
                .concat();
        assert_eq!(events(&read).collect::<Vec<_>>(), [Event::Key(30, true), Event::Key(30, false), Event::Dropped]);
    }

    #[test]
    fn half_an_event_is_none() {
        let read = raw(EV_KEY, 30, 1);
        assert_eq!(events(&read[..SIZE - 1]).count(), 0);
    }
}
