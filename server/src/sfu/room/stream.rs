//! RTP streams (RFC 3550): one out of many, numbered without a break.

use crate::sfu::PeerId;
use std::time::{Duration, Instant};

/// How far numbers may jump before the stream counts as a new one. Receivers guess the upper half of a number from
/// its lower 16 bits (RFC 3711, 3.3.1), so no sender may move a listener's stream by more than half of that.
const LONGEST_JUMP: u64 = 3000;

/// What somebody sends, numbered as if what is withheld had never been sent. What the network lost stays a gap.
#[derive(Debug, Default)]
pub(crate) struct Source {
    ssrc: u32,
    /// Rises when the numbering starts anew.
    epoch: u32,
    started: bool,
    highest: u64,
    /// How many have been withheld.
    withheld: u64,
    /// What is numbered up to here comes too late: its number would be another one's.
    floor: Option<u64>,
}

/// The place of a packet in its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) epoch: u32,
    pub(crate) seq: u64,
}

impl Source {
    /// The place of a packet that is passed on; nothing when it comes too late to have one.
    pub(crate) fn pass(&mut self, ssrc: u32, seq: u64) -> Option<Place> {
        self.follow(ssrc, seq);
        if self.floor.is_some_and(|floor| seq <= floor) {
            return None;
        }
        self.highest = self.highest.max(seq);
        Some(Place { epoch: self.epoch, seq: seq - self.withheld })
    }

    /// A packet is not passed on.
    pub(crate) fn withhold(&mut self, ssrc: u32, seq: u64) {
        self.follow(ssrc, seq);
        if self.floor.is_none_or(|floor| seq > floor) && (seq > self.highest || self.withheld == 0 && seq == self.highest) {
            self.withheld += 1;
            self.highest = seq;
            self.floor = Some(seq);
        }
    }

    fn follow(&mut self, ssrc: u32, seq: u64) {
        let same = self.started && ssrc == self.ssrc && seq.abs_diff(self.highest) <= LONGEST_JUMP;
        if !same {
            // The number before the first is taken as seen, so that the first may be withheld too.
            *self = Self { ssrc, epoch: self.epoch.wrapping_add(1), started: true, highest: seq, withheld: 0, floor: None };
        }
    }
}

/// What a listener gets on one m-line: one stream, whoever is on it.
#[derive(Debug)]
pub(crate) struct Outgoing {
    /// The clock of its timestamps, in Hz.
    clock: u32,
    next: u64,
    time: u32,
    at: Option<Instant>,
    anchor: Option<Anchor>,
}

/// How numbers and times of the present source become those of the stream.
#[derive(Debug)]
struct Anchor {
    from: PeerId,
    epoch: u32,
    source: u64,
    latest: u64,
    out: u64,
    time: u32,
}

/// A packet's numbers on an m-line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) seq: u64,
    pub(crate) time: u32,
    /// It is the first of somebody, or after a break.
    pub(crate) first: bool,
}

impl Outgoing {
    /// Starts at the number `seq`, which has 16 bits: what is above them would have to be signalled.
    pub(crate) fn new(clock: u32, seq: u16, time: u32) -> Self {
        Self { clock, next: u64::from(seq), time, at: None, anchor: None }
    }

    /// The next packet is the first of something new.
    pub(crate) fn interrupt(&mut self) {
        self.anchor = None;
    }

    /// The numbers of a packet; nothing when it is from before the break.
    pub(crate) fn stamp(&mut self, now: Instant, from: PeerId, place: Place, time: u32) -> Option<Stamp> {
        if let Some(anchor) = &mut self.anchor
            && anchor.from == from
            && anchor.epoch == place.epoch
            && place.seq.abs_diff(anchor.latest) <= LONGEST_JUMP
        {
            let seq = anchor.out + place.seq.checked_sub(anchor.source)?;
            anchor.latest = anchor.latest.max(place.seq);
            let time = time.wrapping_add(anchor.time);
            if seq >= self.next {
                (self.next, self.time, self.at) = (seq + 1, time, Some(now));
            }
            return Some(Stamp { seq, time, first: false });
        }
        // At least one frame later, however quickly one follows the other.
        let frame = self.clock / if self.clock == 90_000 { 30 } else { 50 };
        let passed = match self.at {
            None => 0,
            Some(at) => ticks(now.saturating_duration_since(at), self.clock).max(frame),
        };
        let out = Stamp { seq: self.next, time: self.time.wrapping_add(passed), first: true };
        self.anchor =
            Some(Anchor { from, epoch: place.epoch, source: place.seq, latest: place.seq, out: out.seq, time: out.time.wrapping_sub(time) });
        (self.next, self.time, self.at) = (out.seq + 1, out.time, Some(now));
        Some(out)
    }
}

fn ticks(time: Duration, clock: u32) -> u32 {
    (time.as_micros() * u128::from(clock) / 1_000_000) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const A: PeerId = PeerId(1);
    const B: PeerId = PeerId(2);

    #[test]
    fn what_is_withheld_leaves_no_gap_and_what_is_lost_does() {
        let mut source = Source::default();
        let mut seq = |n| source.pass(7, n).map(|p| p.seq);
        assert_eq!([seq(10), seq(11)], [Some(10), Some(11)]);
        source.withhold(7, 12);
        source.withhold(7, 13);
        // 14 is lost.
        assert_eq!(source.pass(7, 15).unwrap().seq, 13);
        assert_eq!(source.pass(7, 14).unwrap().seq, 12, "late, but its number is free");
        assert_eq!(source.pass(7, 11), None, "its number has been used");
    }

    #[test]
    fn a_change_of_speaker_goes_on_where_the_last_one_was() {
        let now = Instant::now();
        let mut out = Outgoing::new(48_000, 100, 5000);
        let place = |seq| Place { epoch: 1, seq };
        assert_eq!(out.stamp(now, A, place(9), 77).unwrap(), Stamp { seq: 100, time: 5000, first: true });
        assert_eq!(out.stamp(now, A, place(11), 77 + 1920).unwrap(), Stamp { seq: 102, time: 6920, first: false });
        assert_eq!(out.stamp(now, A, place(10), 77 + 960).unwrap(), Stamp { seq: 101, time: 5960, first: false });
        let later = now + Duration::from_millis(100);
        assert_eq!(out.stamp(later, B, place(60_000), 3).unwrap(), Stamp { seq: 103, time: 6920 + 4800, first: true });
        assert_eq!(out.stamp(later, B, place(59_999), 3), None, "from before its turn");
    }

    #[test]
    fn no_number_is_used_twice_whatever_comes() {
        let mut random = 1_u64;
        let mut next = |end: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % end
        };
        let now = Instant::now();
        let mut sources = [Source::default(), Source::default()];
        let mut out = Outgoing::new(48_000, 65_000, 0);
        let (mut used, mut got, mut last) = (BTreeSet::new(), BTreeSet::new(), 65_000);
        for step in 0..20_000_u64 {
            let who = next(2);
            let seq = step / 4 + next(12) + if next(500) == 0 { 40_000 } else { 0 };
            // A receiver drops what it has had.
            if !got.insert((who, seq)) {
                continue;
            }
            let source = &mut sources[who as usize];
            if next(3) == 0 {
                source.withhold(1, seq);
            } else if let Some(place) = source.pass(1, seq)
                && let Some(stamp) = out.stamp(now, PeerId(who), place, step as u32)
            {
                assert!(used.insert(stamp.seq), "{} is used twice", stamp.seq);
                assert!(stamp.seq.abs_diff(last) < 1 << 15, "a receiver would lose count");
                last = last.max(stamp.seq);
            }
        }
        assert!(used.len() > 1000);
    }
}
