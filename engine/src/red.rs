//! Redundant audio: a packet that carries earlier frames along (RFC 2198).

use std::collections::VecDeque;

/// The highest offset of a timestamp that a block's header has room for: 14 bits.
const MAX_OFFSET: u32 = (1 << 14) - 1;
/// The longest redundant block: 10 bits.
const MAX_LENGTH: usize = (1 << 10) - 1;
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
    let mut headers = 0;
    let mut blocks = 0;
    let mut lengths = 0;
    loop {
        let first = *payload.get(headers).ok_or(RedError::Headers)?;
        if first & 0x80 == 0 {
            break;
        }
        let header = payload.get(headers..headers + 4).ok_or(RedError::Headers)?;
        lengths += block_length(header);
        headers += 4;
        blocks += 1;
        if blocks == MAX_BLOCKS {
            return Err(RedError::TooMany);
        }
    }
    let mut body = payload.get(headers + 1..).filter(|body| body.len() >= lengths).ok_or(RedError::Blocks)?;
    let mut headers = &payload[..=headers];
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

fn block_length(header: &[u8]) -> usize {
    usize::from(header[2] & 3) << 8 | usize::from(header[3])
}

/// Puts earlier frames into the packets of later ones.
#[derive(Debug)]
pub struct Packer {
    payload_type: u8,
    /// Earlier frames, the newest last.
    history: VecDeque<(u32, Vec<u8>)>,
}

impl Packer {
    /// How many earlier frames are kept: the most that [`Packer::pack`] can carry along.
    pub const DEPTH: usize = 8;

    /// For frames of a payload type.
    pub fn new(payload_type: u8) -> Self {
        Self { payload_type, history: VecDeque::with_capacity(Self::DEPTH) }
    }

    /// Writes the payload for a frame into `packet`, with the `distances` back (1 is the frame before) carried along.
    ///
    /// `distances` are in any order, each at most [`Packer::DEPTH`]. What is too old or too long for a header is left out.
    pub fn pack(&mut self, timestamp: u32, frame: &[u8], distances: &[usize], packet: &mut Vec<u8>) {
        packet.clear();
        let carried = |back: usize, (old, payload): &(u32, Vec<u8>)| {
            distances.contains(&back) && timestamp.wrapping_sub(*old) <= MAX_OFFSET && payload.len() <= MAX_LENGTH && !payload.is_empty()
        };
        let count = self.history.len();
        for (index, entry) in self.history.iter().enumerate() {
            if carried(count - index, entry) {
                let offset = timestamp.wrapping_sub(entry.0);
                let word = 1 << 31 | u32::from(self.payload_type) << 24 | offset << 10 | entry.1.len() as u32;
                packet.extend_from_slice(&word.to_be_bytes());
            }
        }
        packet.push(self.payload_type);
        for (index, entry) in self.history.iter().enumerate() {
            if carried(count - index, entry) {
                packet.extend_from_slice(&entry.1);
            }
        }
        packet.extend_from_slice(frame);

        let mut kept = if count == Self::DEPTH { self.history.pop_front().unwrap_or_default().1 } else { Vec::new() };
        kept.clear();
        kept.extend_from_slice(frame);
        self.history.push_back((timestamp, kept));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_packet_carries_the_frames_asked_for() {
        let mut packer = Packer::new(111);
        let mut packet = Vec::new();
        for index in 0..4u8 {
            packer.pack(960 * u32::from(index), &[index; 3], &[1, 3], &mut packet);
        }
        let frames: Vec<_> = unpack(960 * 3, &packet).unwrap().map(|frame| (frame.timestamp, frame.payload[0], frame.primary)).collect();
        assert_eq!(frames, [(0, 0, false), (1920, 2, false), (2880, 3, true)]);
    }

    #[test]
    fn a_frame_too_old_is_left_out() {
        let mut packer = Packer::new(111);
        let mut packet = Vec::new();
        packer.pack(0, &[1], &[1], &mut packet);
        packer.pack(MAX_OFFSET + 1, &[2], &[1], &mut packet);
        assert_eq!(packet, [111, 2]);
    }

    #[test]
    fn a_timestamp_may_wrap() {
        let mut packer = Packer::new(111);
        let mut packet = Vec::new();
        packer.pack(u32::MAX - 99, &[1], &[1], &mut packet);
        packer.pack(860, &[2], &[1], &mut packet);
        let first = unpack(860, &packet).unwrap().next().unwrap();
        assert_eq!(first.timestamp, u32::MAX - 99);
    }

    proptest! {
        #[test]
        fn any_bytes_are_unpacked_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(frames) = unpack(0, &bytes) {
                let frames: Vec<_> = frames.collect();
                prop_assert!(frames.last().unwrap().primary);
                prop_assert!(frames.iter().map(|frame| frame.payload.len()).sum::<usize>() < bytes.len());
            }
        }

        #[test]
        fn what_is_packed_is_unpacked(frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 1..20)) {
            let mut packer = Packer::new(63);
            let mut packet = Vec::new();
            for (index, frame) in frames.iter().enumerate() {
                packer.pack(index as u32 * 960, frame, &[1, 2], &mut packet);
                let expected: Vec<&[u8]> = frames[index.saturating_sub(2)..=index].iter().map(Vec::as_slice).collect();
                let found: Vec<&[u8]> = unpack(index as u32 * 960, &packet).unwrap().map(|frame| frame.payload).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
