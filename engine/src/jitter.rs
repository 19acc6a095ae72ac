//! The jitter buffer of one speaker: packets in as they come, sound out every 10 ms.
//!
//! In the manner of WebRTC's NetEQ. What is missing is made up for in this order: by the copy that came along with another
//! packet (RED), by what the next packet has of it (LBRR), by concealment (Opus PLC). The delay follows the
//! network: voice is shortened and lengthened by whole periods where that is not heard.
//!
//! Time is an argument. Everything is counted in samples; timestamps of RTP are extended to 64 bits. Where sound is played is
//! told by its *offset*: the time less the timestamp of what is played. A packet comes in time if it took no longer than
//! the offset, so that the two can be compared ([`delay`]).
//!
//! What always holds, and what the property tests look at: no timestamp is decoded twice or after a later one, every call of
//! [`JitterBuffer::pull`] gives 10 ms of sound within -1 to 1, and what waits is bounded.

mod arrivals;
mod delay;
mod pauses;
mod stats;
mod store;
mod stray;
mod stretch;

use crate::{
    codec::Decode,
    sound::{BLOCK, Block, SampleClock, duration},
};
use arrivals::{Arrival, Arrivals};
use delay::Delays;
use pauses::Pauses;
use snug_redundancy::payload;
pub use stats::{Played, Stats};
use std::time::Instant;
use store::{Store, Waiting};
use stray::Stray;
use stretch::{MAX_LAG, NEEDED, Urgency};

/// Sound is played this much later than nearly all packets need: a block is pulled up to 10 ms before its end is heard.
const MARGIN: i64 = 240;
/// At first, this much later still, until the network is known a little.
const UNKNOWN: i64 = 120;
/// Packets after which the network is known.
const KNOWN_AFTER: i64 = 50;
/// The delay may be this much too long before pauses are shortened, and this much before voice is.
const TOO_LONG: i64 = 360;
const TOO_LONG_IN_VOICE: i64 = 4_800;
/// The delay may be this much too short before pauses are lengthened, and this much before voice is.
const TOO_SHORT: i64 = 240;
const TOO_SHORT_IN_VOICE: i64 = 480;
/// The delay is so long that it may be heard how it is shortened.
const FAR_TOO_LONG: i64 = 9_600;
/// The delay is so long that sound is left out.
const HOPELESS: i64 = 24_000;
/// A difference of transit times that no network makes: 1.5 s. It is another clock: the m-line carries somebody else.
const JUMP: i64 = 72_000;
/// With nothing for this long, the speaker is silent: 200 ms.
const IDLE_AFTER: i64 = 9_600;
/// What is concealed at once, at most.
const CONCEALED: i64 = 960;
/// Opus works in steps of 2.5 ms.
const STEP: i64 = 120;
/// Where sound does not go on by itself, it is faded over 5 ms.
const SPLICE: usize = 240;
/// Packets that may wait.
const MAX_WAITING: usize = 256;

/// A packet of a voice.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// RTP's sequence number.
    pub sequence: u16,
    /// RTP's timestamp, in samples at 48 kHz.
    pub timestamp: u32,
    /// Whether the payload is RED (RFC 2198) with Opus in it, or Opus.
    pub red: bool,
    /// The payload.
    pub payload: &'a [u8],
}

#[derive(Debug)]
enum Phase {
    /// Nobody speaks. Who begins is played when the delay is right.
    Idle,
    /// What has the timestamp `next` is decoded next. Since the last of it, `stalled` samples were made up without knowing
    /// whether they stand for something lost or something late.
    Playing { next: i64, stalled: i64 },
}

/// See the [module](self).
#[derive(Debug)]
pub struct JitterBuffer<D> {
    decoder: D,
    clock: SampleClock,
    phase: Phase,
    store: Store,
    delays: Delays,
    arrivals: Arrivals,
    stats: Stats,
    /// The last timestamp that came, as it was and extended.
    timestamp: Option<(u32, i64)>,
    /// The first timestamp of the speaker: copies of what was before are of no use.
    first: i64,
    /// Of what was decoded last: nothing before it is decoded any more.
    floor: i64,
    stray: Option<Stray>,
    /// Decoded, not yet played.
    sound: Vec<f32>,
    /// Played, as much as stretching needs.
    history: Vec<f32>,
    /// The offset, smoothed, since somebody spoke.
    offset: Option<f32>,
    /// What is decoded next does not follow on what was before.
    splice: bool,
    /// The speaker said that silence follows (DTX): a background goes on.
    comfort: bool,
    pauses: Pauses,
    /// How much of `sound` was made up, from its end.
    made_up: usize,
}

impl<D: Decode> JitterBuffer<D> {
    /// A buffer in front of a decoder. `now` is the beginning of its time.
    pub fn new(now: Instant, decoder: D) -> Self {
        Self {
            decoder,
            clock: SampleClock::new(now),
            phase: Phase::Idle,
            store: Store::default(),
            delays: Delays::new(),
            arrivals: Arrivals::default(),
            stats: Stats::default(),
            timestamp: None,
            first: i64::MIN,
            floor: i64::MIN,
            stray: None,
            sound: Vec::with_capacity(8 * BLOCK),
            history: Vec::with_capacity(8 * BLOCK),
            offset: None,
            splice: false,
            comfort: false,
            pauses: Pauses::default(),
            made_up: 0,
        }
    }

    /// Takes a packet.
    pub fn handle(&mut self, now: Instant, packet: Packet<'_>) {
        let timestamp = self.extend(packet.timestamp);
        let transit = self.clock.samples(now) - timestamp;
        if self.delays.is_elsewhere(transit) {
            return self.handle_stray(now, transit, packet);
        }
        self.stray = None;
        if self.timestamp.is_none() {
            self.first = timestamp;
        }
        self.timestamp = Some((packet.timestamp, timestamp));
        let missing = match self.arrivals.take(packet.sequence) {
            Arrival::Newest { missing } => missing,
            Arrival::Late => {
                self.stats.lost = self.stats.lost.saturating_sub(1);
                0
            }
            Arrival::Again => {
                self.stats.duplicated += 1;
                return;
            }
        };
        self.stats.received += 1;
        self.stats.lost += u64::from(missing);
        self.arrivals.measure(transit);

        if !packet.red {
            return self.take_frame(now, timestamp, packet.payload, false, missing > 0);
        }
        match payload::unpack(packet.timestamp, packet.payload) {
            Ok(frames) => {
                for frame in frames {
                    let back = i64::from(packet.timestamp.wrapping_sub(frame.timestamp));
                    self.take_frame(now, timestamp - back, frame.payload, !frame.primary, missing > 0);
                }
            }
            Err(error) => tracing::debug!(%error, "a packet was left out"),
        }
    }

    /// Gives the 10 ms that are to be heard from `now` on.
    pub fn pull(&mut self, now: Instant, block: &mut Block) -> Played {
        let now = self.clock.samples(now);
        if let Phase::Idle = self.phase
            && !self.begin(now)
        {
            return self.idle(block);
        }
        while self.sound.len() < BLOCK {
            self.decode_next(now);
        }
        self.adjust(now);

        let made_up = self.made_up.min(self.sound.len());
        let played = if made_up > self.sound.len() - BLOCK / 2 { Played::Concealed } else { Played::Voice };
        for (to, from) in block.iter_mut().zip(self.sound.drain(..BLOCK)) {
            *to = from.clamp(-1.0, 1.0);
        }
        self.made_up = made_up.min(self.sound.len());
        self.stats.played += BLOCK as u64;
        if let Phase::Playing { stalled, .. } = self.phase
            && stalled > IDLE_AFTER
        {
            self.phase = Phase::Idle;
            self.sound.clear();
            self.made_up = 0;
            stretch::fade_out(block);
        }
        self.remember(block);
        played
    }

    /// Forgets the speaker: somebody else follows.
    pub fn reset(&mut self) {
        self.phase = Phase::Idle;
        self.store.clear();
        self.delays = Delays::new();
        self.offset = None;
        self.arrivals = Arrivals::default();
        self.timestamp = None;
        self.first = i64::MIN;
        self.floor = i64::MIN;
        self.stray = None;
        self.sound.clear();
        self.comfort = false;
        self.made_up = 0;
        // The last of the one before fades into the first of the next.
        self.splice = true;
        self.decoder.reset();
    }

    /// What happened so far.
    pub fn stats(&self) -> Stats {
        let fastest = self.delays.fastest();
        let above = |offset: i64| duration((offset - fastest).max(0) as u64);
        Stats {
            jitter: duration(self.arrivals.jitter() as u64),
            delay: above(self.offset.map_or(fastest, |offset| offset as i64)),
            target: above(self.target().unwrap_or(fastest)),
            ..self.stats
        }
    }

    /// The decoder.
    pub fn decoder(&self) -> &D {
        &self.decoder
    }

    fn extend(&self, timestamp: u32) -> i64 {
        match self.timestamp {
            Some((last, extended)) => extended + i64::from(timestamp.wrapping_sub(last).cast_signed()),
            None => i64::from(timestamp),
        }
    }

    fn handle_stray(&mut self, now: Instant, transit: i64, packet: Packet<'_>) {
        match self.stray.take() {
            Some(stray) if (stray.transit - transit).abs() < JUMP => {
                self.reset();
                self.handle(stray.at, stray.packet());
                self.handle(now, packet);
            }
            _ => self.stray = Some(Stray::new(now, transit, packet)),
        }
    }

    /// Takes a frame; `gap` says that packets are missing before the one it came in.
    fn take_frame(&mut self, now: Instant, timestamp: i64, payload: &[u8], redundant: bool, gap: bool) {
        let Some(samples) = self.decoder.samples(payload) else {
            return;
        };
        if redundant && timestamp < self.first {
            return;
        }
        let now = self.clock.samples(now);
        let samples = samples as i64;
        // What counts is when a frame could first be played, in whatever form it came.
        // Copies of what was silence, and not passed on, are no sign that copies are needed: no number is missing for them.
        if self.store.note(timestamp) && (!redundant || self.arrivals.lack_some()) {
            self.delays.record(now - timestamp, redundant);
        }
        if gap && !redundant && self.decoder.repairs(payload) && timestamp - samples >= self.first {
            let before = timestamp - samples;
            if self.store.note(before) {
                self.delays.record(now - before, true);
            }
        }
        if timestamp < self.floor {
            if !redundant {
                self.stats.late += 1;
            }
            return;
        }
        self.store.insert(timestamp, Waiting { payload: payload.to_vec(), samples, redundant });
        if self.store.len() > MAX_WAITING {
            self.store.pop();
        }
    }

    fn target(&self) -> Option<i64> {
        let unknown = (KNOWN_AFTER - i64::from(self.delays.count())).max(0);
        Some(self.delays.target()? + MARGIN + UNKNOWN * unknown / KNOWN_AFTER)
    }

    /// Begins to play if somebody speaks and the time has come.
    fn begin(&mut self, now: i64) -> bool {
        self.drop_late();
        let Some(target) = self.target() else {
            return false;
        };
        // Copies of what was before came along with the first packet: the end of the last word, or silence that was not passed on.
        // To begin with them would make the whole word late.
        while self.store.len() > 1 && self.store.first().is_some_and(|(first, waiting)| waiting.redundant && now - first > target + TOO_LONG) {
            self.store.pop();
        }
        let Some((first, _)) = self.store.first() else {
            return false;
        };
        if now - first < target {
            return false;
        }
        self.offset = Some((now - first) as f32);
        self.phase = Phase::Playing { next: first, stalled: 0 };
        true
    }

    fn idle(&mut self, block: &mut Block) -> Played {
        block.fill(0.0);
        if self.comfort {
            self.sound.clear();
            self.decoder.conceal(BLOCK, &mut self.sound);
            for (to, from) in block.iter_mut().zip(self.sound.drain(..)) {
                *to = from.clamp(-1.0, 1.0);
            }
            self.sound.clear();
        }
        self.remember(block);
        Played::Silence
    }

    fn drop_late(&mut self) {
        self.stats.late += self.store.drop_before(self.floor) as u64;
    }

    /// Puts at least 2.5 ms more into `sound`.
    fn decode_next(&mut self, now: i64) {
        self.drop_late();
        let Phase::Playing { next, stalled } = self.phase else {
            return self.conceal(STEP);
        };
        let target = self.target().unwrap_or(0);
        let Some((timestamp, waiting)) = self.store.first() else {
            // Late or lost: nobody knows. The time stands still until a packet tells.
            self.phase = Phase::Playing { next, stalled: stalled + BLOCK as i64 };
            return self.conceal(BLOCK as i64);
        };
        let samples = waiting.samples;
        if timestamp > next + stalled {
            let next = next + stalled;
            let gap = timestamp - next;
            return self.bridge(next, gap);
        }
        let offset = now - (timestamp - self.sound.len() as i64);
        let stood_in = timestamp + samples <= next + stalled;
        if (waiting.redundant && stood_in && offset > target + TOO_LONG) || offset > target + HOPELESS {
            // Its time was filled already.
            self.store.pop();
            self.floor = timestamp + samples;
            self.splice = true;
            self.phase = Phase::Playing { next: timestamp + samples, stalled: (stalled - samples).max(0) };
            return;
        }
        self.decode_first();
    }

    /// Decodes the first frame that waits.
    fn decode_first(&mut self) {
        let Some((timestamp, waiting)) = self.store.pop() else {
            return;
        };
        self.floor = timestamp + waiting.samples;
        self.phase = Phase::Playing { next: self.floor, stalled: 0 };
        self.stats.from_red += u64::from(waiting.redundant);
        self.comfort = waiting.payload.len() <= 2;
        let start = self.sound.len();
        self.decoder.decode(&waiting.payload, &mut self.sound);
        self.made_up = 0;
        if std::mem::take(&mut self.splice) {
            self.fade_into(start);
        }
    }

    /// Makes up for a part of `gap` samples before the first frame that waits.
    fn bridge(&mut self, next: i64, gap: i64) {
        let Some((timestamp, waiting)) = self.store.first() else {
            return;
        };
        let samples = waiting.samples;
        let reached = if gap < STEP {
            timestamp
        } else if gap <= samples && self.decoder.repairs(&waiting.payload) {
            self.stats.from_fec += 1;
            let payload = waiting.payload.clone();
            self.decoder.repair(&payload, &mut self.sound);
            self.made_up = 0;
            timestamp
        } else {
            // Up to where the next frame can repair, if it is further.
            let part = if gap > samples { gap - samples } else { gap };
            let part = (part.min(CONCEALED) / STEP * STEP).max(STEP);
            self.conceal(part);
            next + part
        };
        self.floor = reached;
        self.phase = Phase::Playing { next: reached, stalled: 0 };
    }

    fn conceal(&mut self, samples: i64) {
        self.decoder.conceal(samples as usize, &mut self.sound);
        self.made_up += samples as usize;
        self.stats.concealed += samples as u64;
    }

    /// Makes the delay shorter or longer if it should be.
    fn adjust(&mut self, now: i64) {
        let (Phase::Playing { next, stalled: 0 }, Some(target)) = (&self.phase, self.target()) else {
            return;
        };
        let offset = now - (next - self.sound.len() as i64);
        let smooth = self.offset.get_or_insert(offset as f32);
        *smooth += (offset as f32 - *smooth) / 8.0;
        let excess = *smooth as i64 - target;
        let urgency = match excess {
            FAR_TOO_LONG.. => Urgency::Hard,
            TOO_LONG_IN_VOICE.. => Urgency::InVoice,
            excess if excess < -TOO_SHORT_IN_VOICE => Urgency::InVoice,
            _ if self.pauses.is_now() => Urgency::InPauses { below: self.pauses.threshold() },
            _ => return,
        };
        if excess > TOO_LONG {
            while self.sound.len() < NEEDED && self.follows() {
                self.decode_first();
            }
            if self.sound.len() >= NEEDED {
                let taken = stretch::shorten(&mut self.sound, urgency);
                self.offset = self.offset.map(|offset| offset - taken as f32);
                self.stats.shortened += taken as u64;
            }
        } else if excess < -TOO_SHORT {
            let put = stretch::lengthen(&self.history, &mut self.sound, urgency);
            self.offset = self.offset.map(|offset| offset + put as f32);
            self.stats.lengthened += put as u64;
        }
    }

    /// Whether what is to be decoded next waits already.
    fn follows(&self) -> bool {
        matches!((&self.phase, self.store.first()),
            (Phase::Playing { next, .. }, Some((first, _))) if first == *next)
    }

    /// Fades what would have gone on before `start` into what stands there.
    fn fade_into(&mut self, start: usize) {
        let mut past = self.history.clone();
        past.extend_from_slice(&self.sound[..start]);
        let before = stretch::extrapolate(&past, SPLICE);
        let after = &mut self.sound[start..];
        let length = SPLICE.min(after.len());
        for (index, (to, from)) in after.iter_mut().zip(before).take(length).enumerate() {
            let fade = (index as f32 + 0.5) / length as f32;
            *to = from + (*to - from) * fade;
        }
    }

    fn remember(&mut self, block: &Block) {
        self.pauses.hear(block);
        const KEPT: usize = 4 * BLOCK;
        const { assert!(KEPT >= 2 * MAX_LAG) };
        let surplus = (self.history.len() + BLOCK).saturating_sub(KEPT);
        self.history.drain(..surplus);
        self.history.extend_from_slice(block);
    }
}
