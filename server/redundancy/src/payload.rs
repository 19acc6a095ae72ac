//! Payloads of redundant audio: a packet that carries earlier frames along (RFC 2198).

use std::ops::Range;

/// The highest offset of a timestamp that a block's header has room for: 14 bits.
pub(crate) const MAX_OFFSET: u32 = (1 << 14) - 1;
/// The longest redundant block: 10 bits.
pub(crate) const MAX_LENGTH: usize = (1 << 10) - 1;
/// More blocks in one packet than anybody sends: a bound for what is read.
const MAX_BLOCKS: usize = 32;

/// A block of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Of what is inside.
    pub payload_type: u8,
    /// Of its first sample.
    pub timestamp: u32,
    /// Whether the packet was made for it; the others are there in case their own was lost.
    pub primary: bool,
    /// What is inside.
    pub payload: &'a [u8],
}

/// Why a payload is no redundant audio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedError {
    /// The headers do not end.
    #[error("the headers of redundant audio are cut off")]
    Headers,
    /// The blocks are longer than the payload.
    #[error("the blocks of redundant audio are cut off")]
    Blocks,
    /// There are more blocks than anybody sends.
    #[error("redundant audio has more than {MAX_BLOCKS} blocks")]
    TooMany,
}

/// Takes a payload apart: the oldest frame first, the primary last.
pub fn unpack(timestamp: u32, payload: &[u8]) -> Result<impl Iterator<Item = Frame<'_>>, RedError> {
    let (last, primary) = measure(payload)?;
    let mut body = &payload[last + 1..];
    debug_assert_eq!(primary.end, payload.len());
    let mut headers = &payload[..=last];
    Ok(std::iter::from_fn(move || {
        let first = *headers.first()?;
        let payload_type = first & 0x7f;
        if first & 0x80 == 0 {
            headers = &[];
            return Some(Frame { payload_type, timestamp, primary: true, payload: body });
        }
        let offset = u32::from(headers[1]) << 6 | u32::from(headers[2]) >> 2;
        let (payload, rest) = body.split_at(block_length(headers));
        headers = &headers[4..];
        body = rest;
        Some(Frame { payload_type, timestamp: timestamp.wrapping_sub(offset), primary: false, payload })
    }))
}

/// Where the primary frame is in a payload: for those who take no redundant audio.
pub fn primary(payload: &[u8]) -> Result<Range<usize>, RedError> {
    measure(payload).map(|(_, primary)| primary)
}

/// Writes the header of a redundant block.
pub(crate) fn write_header(payload_type: u8, offset: u32, length: usize, packet: &mut Vec<u8>) {
    debug_assert!(offset <= MAX_OFFSET && length <= MAX_LENGTH && payload_type < 128);
    let word = 1 << 31 | u32::from(payload_type) << 24 | offset << 10 | length as u32;
    packet.extend_from_slice(&word.to_be_bytes());
}

/// Where the last header is, and the primary frame.
fn measure(payload: &[u8]) -> Result<(usize, Range<usize>), RedError> {
    let mut headers = 0;
    let mut blocks = 0;
    let mut lengths = 0;
    // Four bytes for each redundant block: 1 bit "more follows", 7 type, 14 offset, 10 length. One byte for the primary.
    while payload.get(headers).ok_or(RedError::Headers)? & 0x80 != 0 {
        let header = payload.get(headers..headers + 4).ok_or(RedError::Headers)?;
        lengths += block_length(header);
        headers += 4;
        blocks += 1;
        if blocks == MAX_BLOCKS {
            return Err(RedError::TooMany);
        }
    }
    let start = headers + 1 + lengths;
    if start > payload.len() {
        return Err(RedError::Blocks);
    }
    Ok((headers, start..payload.len()))
}

fn block_length(header: &[u8]) -> usize {
    usize::from(header[2] & 3) << 8 | usize::from(header[3])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_primary_follows_all_that_is_repeated() {
        let red = [0x80 | 111, 0, 0, 2, 111, 1, 2, 7, 8, 9];
        assert_eq!(&red[primary(&red).unwrap()], [7, 8, 9]);
        assert_eq!(primary(&[111, 5]), Ok(1..2));
        assert_eq!(primary(&[111]), Ok(1..1));
    }

    #[test]
    fn a_payload_that_is_cut_has_no_primary() {
        for cut in [&[][..], &[0xef], &[0xef, 0, 0], &[0xef, 0, 0, 2], &[0xef, 0, 0, 9, 111, 1, 2]] {
            assert!(primary(cut).is_err(), "{cut:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_unpacked_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(frames) = unpack(0, &bytes) {
                let frames: Vec<_> = frames.collect();
                prop_assert_eq!(frames.last().unwrap().payload, &bytes[primary(&bytes).unwrap()]);
                prop_assert!(frames.last().unwrap().primary);
                prop_assert!(frames.iter().map(|frame| frame.payload.len()).sum::<usize>() < bytes.len());
            }
        }
    }
}
