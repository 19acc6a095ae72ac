//! Redundant audio (RFC 2198): the packet's own payload out of one that repeats earlier ones.
//!
//! What the payloads hold is not looked at: it may be encrypted end to end.

use std::ops::Range;

/// Where the primary payload is in a RED payload; nothing when the headers make no sense.
pub(crate) fn primary(red: &[u8]) -> Option<Range<usize>> {
    let mut at = 0;
    let mut redundant = 0;
    // Four bytes for each repeated block: 1 bit "more follows", 7 type, 14 time, 10 length. One byte for the primary.
    while red.get(at)? & 0x80 != 0 {
        let header = red.get(at..at + 4)?;
        redundant += usize::from(header[2] & 0x03) << 8 | usize::from(header[3]);
        at += 4;
    }
    let start = at + 1 + redundant;
    (start <= red.len()).then_some(start..red.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primary_follows_all_that_is_repeated() {
        let red = [0x80 | 111, 0, 0, 2, 111, 1, 2, 7, 8, 9];
        assert_eq!(&red[primary(&red).unwrap()], [7, 8, 9]);
        assert_eq!(primary(&[111, 5]), Some(1..2));
        assert_eq!(primary(&[111]), Some(1..1));
    }

    #[test]
    fn a_payload_that_is_cut_has_no_primary() {
        for cut in [&[][..], &[0xef], &[0xef, 0, 0], &[0xef, 0, 0, 2], &[0xef, 0, 0, 9, 111, 1, 2]] {
            assert_eq!(primary(cut), None, "{cut:?}");
        }
    }
}
