//! The last frames of a voice, and packets that carry them along.

use crate::{
    MAX_PAYLOAD,
    losses::Copies,
    payload::{MAX_LENGTH, MAX_OFFSET, RedError, unpack, write_header},
};
use std::collections::VecDeque;

/// Frames that are kept: as many as an offset of 14 bits reaches back to, at 20 ms each.
const KEPT: usize = 17;

/// A frame that may be carried along.
#[derive(Debug)]
struct Kept {
    timestamp: u32,
    payload_type: u8,
    payload: Vec<u8>,
    /// With which packet it came: its own, or the one that brought it after that was lost.
    with: u64,
}

/// The last frames of a voice.
///
/// How far back a frame is, is counted from the packet that it came with. So what was lost on the way here and came along with a later packet
/// is repeated as often on the way from here as all else.
#[derive(Debug, Default)]
pub struct History {
    /// By timestamp, the oldest first.
    frames: VecDeque<Kept>,
    /// Packets so far.
    packets: u64,
    /// Nothing before it is kept.
    since: Option<u32>,
}

impl History {
    /// Takes a frame that is sent by itself.
    pub fn take(&mut self, payload_type: u8, timestamp: u32, payload: &[u8]) {
        self.begin(timestamp);
        self.keep(payload_type, timestamp, payload);
    }

    /// Takes a packet of redundant audio: its own frame, and those that were missed.
    ///
    /// Returns whether all that it carries may be passed on: a packet may carry what was before [`History::forget`].
    pub fn take_packet(&mut self, timestamp: u32, packet: &[u8]) -> Result<bool, RedError> {
        let frames = unpack(timestamp, packet)?;
        self.begin(timestamp);
        let mut all = true;
        for frame in frames {
            all &= self.keep(frame.payload_type, frame.timestamp, frame.payload) || frame.payload.is_empty();
        }
        Ok(all)
    }

    /// All that was before is over: none of it is carried along.
    pub fn forget(&mut self) {
        self.frames.clear();
        self.since = None;
    }

    /// Writes the payload for the frame with this timestamp, with earlier ones carried along as `copies` says, and those that
    /// came with the last packet. Returns whether there is such a frame.
    ///
    /// What is too old or too long for a header is left out, and the oldest if the packet would become longer than [`MAX_PAYLOAD`].
    pub fn pack(&self, timestamp: u32, copies: Copies, packet: &mut Vec<u8>) -> bool {
        packet.clear();
        let Some(at) = self.frames.iter().rposition(|kept| kept.timestamp == timestamp) else {
            return false;
        };
        let primary = &self.frames[at];
        let mut room = MAX_PAYLOAD.saturating_sub(1 + primary.payload.len());
        // One bit for each frame: as many as fit, the newest first.
        let mut carried = 0u32;
        for (index, kept) in self.frames.iter().enumerate().take(at).rev() {
            let back = self.packets - kept.with;
            let wanted = back == 0 || copies.distances().iter().any(|distance| u64::from(*distance) == back);
            let length = 4 + kept.payload.len();
            if wanted && kept.payload.len() <= MAX_LENGTH && length <= room && timestamp.wrapping_sub(kept.timestamp) <= MAX_OFFSET {
                room -= length;
                carried |= 1 << index;
            }
        }
        let earlier = || self.frames.iter().enumerate().filter(|(index, _)| carried & 1 << index != 0).map(|(_, kept)| kept);
        for kept in earlier() {
            write_header(kept.payload_type, timestamp.wrapping_sub(kept.timestamp), kept.payload.len(), packet);
        }
        packet.push(primary.payload_type);
        earlier().chain([primary]).for_each(|kept| packet.extend_from_slice(&kept.payload));
        true
    }

    /// A packet begins.
    fn begin(&mut self, timestamp: u32) {
        self.packets += 1;
        self.since.get_or_insert(timestamp);
        // A voice that begins anew has a new clock.
        if self.frames.back().is_some_and(|last| !near(timestamp, last.timestamp)) {
            self.forget();
            self.since = Some(timestamp);
        }
    }

    /// Returns whether it is not from before all that may be kept.
    fn keep(&mut self, payload_type: u8, timestamp: u32, payload: &[u8]) -> bool {
        if self.since.is_some_and(|since| before(timestamp, since)) {
            return false;
        }
        let at = self.frames.partition_point(|kept| before(kept.timestamp, timestamp));
        let known = self.frames.get(at).is_some_and(|kept| kept.timestamp == timestamp);
        let old = at == 0 && self.frames.len() == KEPT;
        if known || old || payload.is_empty() {
            return true;
        }
        // What is let go leaves its memory.
        let mut memory = if self.frames.len() == KEPT { self.frames.pop_front().map(|kept| kept.payload).unwrap_or_default() } else { Vec::new() };
        let at = self.frames.partition_point(|kept| before(kept.timestamp, timestamp));
        memory.clear();
        memory.extend_from_slice(payload);
        self.frames.insert(at, Kept { timestamp, payload_type, payload: memory, with: self.packets });
        if let Some(last) = self.frames.back().map(|last| last.timestamp) {
            // Timestamps wrap; what is compared with must stay near.
            self.since = self.since.map(|since| if last.wrapping_sub(since) > 1 << 20 { last.wrapping_sub(1 << 20) } else { since });
        }
        true
    }
}

fn before(a: u32, b: u32) -> bool {
    a.wrapping_sub(b).cast_signed() < 0
}

/// Whether timestamps are of one clock: less than 20 s apart.
fn near(a: u32, b: u32) -> bool {
    a.wrapping_sub(b).cast_signed().unsigned_abs() < 1 << 20
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::MAX_OFFSET;
    use proptest::prelude::*;

    const ALL: [Copies; 8] =
        [Copies::None, Copies::One, Copies::Two, Copies::Three, Copies::Four, Copies::TwoApart, Copies::ThreeApart, Copies::FourApart];

    fn packed(history: &History, timestamp: u32, copies: Copies) -> Vec<(u32, Vec<u8>)> {
        let mut packet = Vec::new();
        assert!(history.pack(timestamp, copies, &mut packet));
        assert!(packet.len() <= MAX_PAYLOAD);
        unpack(timestamp, &packet).unwrap().map(|frame| (frame.timestamp, frame.payload.to_vec())).collect()
    }

    #[test]
    fn a_packet_carries_the_frames_asked_for() {
        let mut history = History::default();
        (0..7u8).for_each(|index| history.take(111, 960 * u32::from(index), &[index; 3]));
        let carried = |copies| packed(&history, 960 * 6, copies).iter().map(|(_, payload)| payload[0]).collect::<Vec<_>>();
        assert_eq!(carried(Copies::None), [6]);
        assert_eq!(carried(Copies::Two), [4, 5, 6]);
        assert_eq!(carried(Copies::ThreeApart), [0, 3, 5, 6]);
    }

    #[test]
    fn what_was_lost_on_the_way_here_is_repeated_as_all_else_is() {
        let mut speaker = History::default();
        let mut server = History::default();
        let mut sent = Vec::new();
        for index in 0..4u8 {
            let timestamp = 960 * u32::from(index);
            speaker.take(111, timestamp, &[index]);
            let mut packet = Vec::new();
            speaker.pack(timestamp, Copies::One, &mut packet);
            // The second is lost.
            if index != 1 {
                assert_eq!(server.take_packet(timestamp, &packet), Ok(true));
                sent.push(packed(&server, timestamp, Copies::One).into_iter().map(|(_, payload)| payload[0]).collect::<Vec<_>>());
            }
        }
        assert_eq!(sent, [vec![0], vec![0, 1, 2], vec![1, 2, 3]]);
    }

    #[test]
    fn nothing_from_before_it_was_forgotten_comes_back() {
        let mut speaker = History::default();
        let mut server = History::default();
        let mut packet = Vec::new();
        for index in 0..3u32 {
            speaker.take(111, 960 * index, &[index as u8]);
        }
        speaker.pack(1920, Copies::Two, &mut packet);
        server.forget();
        assert_eq!(server.take_packet(1920, &packet), Ok(false), "it may not be passed on as it is");
        assert_eq!(packed(&server, 1920, Copies::Four), [(1920, vec![2])]);
    }

    #[test]
    fn a_timestamp_may_wrap() {
        let mut history = History::default();
        history.take(111, u32::MAX - 99, &[1]);
        history.take(111, 860, &[2]);
        assert_eq!(packed(&history, 860, Copies::One), [(u32::MAX - 99, vec![1]), (860, vec![2])]);
    }

    #[test]
    fn a_frame_too_old_or_too_long_is_left_out() {
        let mut history = History::default();
        history.take(111, 0, &[1]);
        history.take(111, MAX_OFFSET + 1, &[2]);
        assert_eq!(packed(&history, MAX_OFFSET + 1, Copies::One).len(), 1);
        history.take(111, MAX_OFFSET + 961, &[3; 1_024]);
        history.take(111, MAX_OFFSET + 1_921, &[4]);
        assert_eq!(packed(&history, MAX_OFFSET + 1_921, Copies::One).len(), 1);
    }

    proptest! {
        /// Whatever is lost, late or there twice, on both legs.
        #[test]
        fn what_a_listener_gets_are_the_frames_of_the_speaker(
            fates in prop::collection::vec((prop::bool::weighted(0.2), 0..4usize, 1..300usize), 1..80),
            first in any::<u32>(),
            (up, down) in (prop::sample::select(&ALL[..]), prop::sample::select(&ALL[..])),
        ) {
            let frame = |index: usize| -> Vec<u8> { (0..fates[index].2).map(|at| (index * 7 + at) as u8).collect() };
            let time = |index: usize| first.wrapping_add(960 * index as u32);
            let mut speaker = History::default();
            let mut packets: Vec<(usize, usize, Vec<u8>)> = Vec::new();
            for (index, (lost, late, _)) in fates.iter().enumerate() {
                speaker.take(111, time(index), &frame(index));
                let mut packet = Vec::new();
                prop_assert!(speaker.pack(time(index), up, &mut packet));
                if !lost {
                    packets.push((index + late, index, packet));
                }
            }
            packets.sort();
            let mut server = History::default();
            for (_, index, packet) in packets {
                server.take_packet(time(index), &packet).unwrap();
                let mut made = Vec::new();
                if !server.pack(time(index), down, &mut made) {
                    continue;
                }
                prop_assert!(made.len() <= MAX_PAYLOAD);
                let mut before = None;
                for found in unpack(time(index), &made).unwrap() {
                    let of = found.timestamp.wrapping_sub(first) as usize / 960;
                    prop_assert!(of <= index && before.is_none_or(|before| before < of));
                    prop_assert_eq!(found.payload, frame(of));
                    prop_assert_eq!(found.primary, of == index);
                    before = Some(of);
                }
            }
        }
    }
}
