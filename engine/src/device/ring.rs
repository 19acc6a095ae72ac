//! Between a device's callback, which must never wait, and the voice thread.
//!
//! The callback's side allocates nothing, locks nothing and logs nothing. How full a ring should be follows from how much
//! the callback moves at once.

use super::{Buffer, Fault, Microphone, Speaker};
use crate::{
    drift::{Converter, DriftError, Follower},
    sound::{BLOCK, Block, RATE},
};
use rtrb::{Consumer, Producer, RingBuffer};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed},
};

/// 340 ms at 48 kHz: more than any callback moves at once.
const CAPACITY: usize = 16_384;
/// On top of what the callback needs: the voice thread may be late by so much. 1 ms at 48 kHz: it is a real-time thread.
const SLACK: usize = 48;
/// With each block that was missing, the slack grows by 1 ms, up to 40 ms.
const MORE_SLACK: usize = 48;
const MAX_SLACK: usize = 1_920;
/// After so many blocks without one missing, it shrinks by 1 ms again: 20 s. A machine that was busy once is not busy for ever.
const STEADY: u32 = 2_000;
/// Blocks of 10 ms without a callback after which a device counts as stalled.
const STALLED_AFTER: u32 = 100;

/// What both sides know.
#[derive(Debug, Default)]
struct Shared {
    /// Frames that the last callback moved.
    callback: AtomicU32,
    /// Callbacks so far.
    callbacks: AtomicU64,
    gone: AtomicBool,
}

/// Tells that a device is gone. For error callbacks.
#[derive(Clone, Debug)]
pub(super) struct Alarm(Arc<Shared>);

impl Alarm {
    pub(super) fn gone(&self) {
        self.0.gone.store(true, Relaxed);
    }
}

/// Looks for callbacks that do not come.
#[derive(Debug)]
struct Watch {
    shared: Arc<Shared>,
    seen: u64,
    blocks: u32,
}

impl Watch {
    fn look(&mut self) {
        let callbacks = self.shared.callbacks.load(Relaxed);
        self.blocks = if callbacks == self.seen { self.blocks + 1 } else { 0 };
        self.seen = callbacks;
    }

    fn fault(&self) -> Option<Fault> {
        if self.shared.gone.load(Relaxed) {
            Some(Fault::Gone)
        } else if self.blocks > STALLED_AFTER {
            Some(Fault::Stalled)
        } else {
            None
        }
    }

    fn callback(&self) -> usize {
        self.shared.callback.load(Relaxed) as usize
    }
}

/// The callback's side of a microphone.
#[derive(Debug)]
pub(super) struct Heard {
    ring: Producer<f32>,
    shared: Arc<Shared>,
}

impl Heard {
    /// Takes interleaved frames, already as `f32`. What does not fit is dropped.
    pub(super) fn push(&mut self, samples: impl ExactSizeIterator<Item = f32>, channels: usize) {
        let channels = channels.max(1);
        let frames = samples.len() / channels;
        self.shared.callback.store(frames as u32, Relaxed);
        self.shared.callbacks.fetch_add(1, Relaxed);
        let mut samples = samples;
        let room = self.ring.slots().min(frames);
        let Ok(chunk) = self.ring.write_chunk_uninit(room) else {
            return;
        };
        let scale = 1.0 / channels as f32;
        chunk.fill_from_iter((0..room).map(|_| samples.by_ref().take(channels).sum::<f32>() * scale));
    }
}

/// The voice thread's side of a microphone.
#[derive(Debug)]
pub(super) struct Hears {
    ring: Consumer<f32>,
    converter: Converter,
    follower: Follower,
    watch: Watch,
    slack: Slack,
    input: Vec<f32>,
    started: bool,
}

/// A ring behind a microphone with a sample rate.
pub(super) fn microphone(rate: u32) -> Result<(Heard, Hears, Alarm), DriftError> {
    let (producer, consumer) = RingBuffer::new(CAPACITY);
    let shared = Arc::new(Shared::default());
    let hears = Hears {
        ring: consumer,
        converter: Converter::from_device(rate)?,
        follower: Follower::new(0),
        watch: Watch { shared: shared.clone(), seen: 0, blocks: 0 },
        slack: Slack::new(rate),
        input: Vec::with_capacity(CAPACITY),
        started: false,
    };
    Ok((Heard { ring: producer, shared: shared.clone() }, hears, Alarm(shared)))
}

/// How much more is kept than the callback needs, in samples.
#[derive(Debug)]
struct Slack {
    rate: u32,
    least: usize,
    now: usize,
    /// Blocks since one was missing, or since it shrank.
    steady: u32,
    /// Blocks that were missing.
    missing: u64,
}

impl Slack {
    fn new(rate: u32) -> Self {
        let least = at_rate(SLACK, rate);
        Self { rate, least, now: least, steady: 0, missing: 0 }
    }

    /// A block was missing.
    fn grow(&mut self) {
        self.now = (self.now + MORE_SLACK).min(MAX_SLACK);
        self.steady = 0;
        self.missing += 1;
    }

    /// A block was there.
    fn rest(&mut self) {
        self.steady += 1;
        if self.steady == STEADY {
            self.now = self.now.saturating_sub(MORE_SLACK).max(self.least);
            self.steady = 0;
        }
    }
}

/// What is told of a ring. `drift` is by what part its device's clock is faster.
fn buffer(watch: &Watch, slack: &Slack, follower: &Follower, target: usize, drift: f64) -> Buffer {
    Buffer {
        rate: slack.rate,
        callback: watch.callback() as u32,
        waiting: follower.level().unwrap_or(0.0) as u32,
        target: target as u32,
        gaps: slack.missing,
        drift_ppm: (drift * 1e6) as f32,
    }
}

fn at_rate(samples: usize, rate: u32) -> usize {
    (samples as u64 * u64::from(rate) / u64::from(RATE)) as usize
}

impl Hears {
    pub(super) fn read(&mut self, block: &mut Block) {
        self.watch.look();
        let needs = self.converter.needs();
        let mut level = self.ring.slots();
        // A callback may come just after this instead of just before: for a long time, when the two clocks are nearly alike.
        let target = self.target(needs);
        if !self.started {
            if level < target {
                block.fill(0.0);
                return;
            }
            self.started = true;
            self.take(level - target, |_| ());
            level = target;
            self.follower.restart(target);
        }
        if level < needs {
            self.started = false;
            self.slack.grow();
            block.fill(0.0);
            return;
        }
        if level > target + self.watch.callback() + 4 * BLOCK {
            // Nobody read for a while. What is old is left out.
            self.take(level - target, |_| ());
            self.follower.restart(target);
        }
        self.slack.rest();
        self.follower.aim(target);
        let drift = self.follower.follow(self.ring.slots());
        let mut input = std::mem::take(&mut self.input);
        input.clear();
        self.take(needs, |samples| input.extend_from_slice(samples));
        let sound = self.converter.convert(&input, drift);
        let length = sound.len().min(BLOCK);
        block[..length].copy_from_slice(&sound[..length]);
        block[length..].fill(0.0);
        self.input = input;
    }

    /// How full the ring should be before a block is read that `needs` so much.
    fn target(&self, needs: usize) -> usize {
        needs + self.watch.callback() + self.slack.now
    }

    /// A device that is faster fills the ring: less is to come out of the converter than goes in.
    fn buffer(&self) -> Buffer {
        buffer(&self.watch, &self.slack, &self.follower, self.target(self.converter.needs()), -self.follower.drift())
    }

    fn take(&mut self, count: usize, mut with: impl FnMut(&[f32])) {
        if let Ok(chunk) = self.ring.read_chunk(count) {
            let (first, second) = chunk.as_slices();
            with(first);
            with(second);
            chunk.commit_all();
        }
    }
}

/// The callback's side of a loudspeaker.
#[derive(Debug)]
pub(super) struct Playing {
    ring: Consumer<f32>,
    shared: Arc<Shared>,
}

impl Playing {
    /// Fills interleaved frames, all channels alike; with silence where there is nothing.
    pub(super) fn fill<T>(&mut self, samples: &mut [T], channels: usize, convert: impl Fn(f32) -> T) {
        let channels = channels.max(1);
        self.shared.callback.store((samples.len() / channels) as u32, Relaxed);
        self.shared.callbacks.fetch_add(1, Relaxed);
        for frame in samples.chunks_mut(channels) {
            let sample = self.ring.pop().unwrap_or(0.0);
            for channel in frame {
                *channel = convert(sample);
            }
        }
    }
}

/// The voice thread's side of a loudspeaker.
#[derive(Debug)]
pub(super) struct Plays {
    ring: Producer<f32>,
    converter: Converter,
    follower: Follower,
    watch: Watch,
    slack: Slack,
    started: bool,
}

/// A ring before a loudspeaker with a sample rate.
pub(super) fn speaker(rate: u32) -> Result<(Playing, Plays, Alarm), DriftError> {
    let (producer, consumer) = RingBuffer::new(CAPACITY);
    let shared = Arc::new(Shared::default());
    let plays = Plays {
        ring: producer,
        converter: Converter::to_device(rate)?,
        follower: Follower::new(0),
        watch: Watch { shared: shared.clone(), seen: 0, blocks: 0 },
        slack: Slack::new(rate),
        started: false,
    };
    Ok((Playing { ring: consumer, shared: shared.clone() }, plays, Alarm(shared)))
}

impl Plays {
    pub(super) fn write(&mut self, block: &Block) {
        self.watch.look();
        let level = CAPACITY - self.ring.slots();
        // As for the microphone: a callback may come just before this instead of just after.
        let target = self.target();
        if self.started && level == 0 {
            self.started = false;
            self.slack.grow();
        }
        if !self.started && self.watch.callback() > 0 {
            self.started = true;
            self.silence(target.saturating_sub(level));
            self.follower.restart(target);
        }
        if level > target + self.watch.callback() + 8 * BLOCK {
            // Nobody plays. What comes later is more worth.
            return;
        }
        self.slack.rest();
        self.follower.aim(target);
        let drift = self.follower.follow(CAPACITY - self.ring.slots());
        let sound = self.converter.convert(block, drift);
        let room = self.ring.slots().min(sound.len());
        if let Ok(chunk) = self.ring.write_chunk_uninit(room) {
            chunk.fill_from_iter(sound.iter().copied());
        }
    }

    /// How full the ring should be before a block is written.
    fn target(&self) -> usize {
        self.watch.callback() + self.slack.now
    }

    fn buffer(&self) -> Buffer {
        buffer(&self.watch, &self.slack, &self.follower, self.target(), self.follower.drift())
    }

    fn silence(&mut self, samples: usize) {
        let room = self.ring.slots().min(samples);
        if let Ok(chunk) = self.ring.write_chunk_uninit(room) {
            chunk.fill_from_iter(std::iter::repeat_n(0.0, room));
        }
    }
}

/// A device of the system behind its ring, with the stream that moves its sound: dropped, that ends.
pub(super) struct Opened<R, S> {
    pub(super) name: String,
    pub(super) ring: R,
    pub(super) _stream: S,
}

impl<S: Send> Microphone for Opened<Hears, S> {
    fn read(&mut self, block: &mut Block) {
        self.ring.read(block);
    }

    fn fault(&self) -> Option<Fault> {
        self.ring.watch.fault()
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn buffer(&self) -> Option<Buffer> {
        Some(self.ring.buffer())
    }
}

impl<S: Send> Speaker for Opened<Plays, S> {
    fn write(&mut self, block: &Block) {
        self.ring.write(block);
    }

    fn fault(&self) -> Option<Fault> {
        self.ring.watch.fault()
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn buffer(&self) -> Option<Buffer> {
        Some(self.ring.buffer())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A microphone that ticks a little faster than the call, in callbacks of its own size, read late now and then.
    #[test]
    fn a_microphone_with_a_clock_of_its_own_has_no_gaps() {
        for (rate, size, ppm) in [(48_000, 128u32, 100.0), (44_100, 441, -80.0), (48_000, 1_024, 50.0)] {
            let (mut heard, mut hears, _) = microphone(rate).unwrap();
            let (mut owed, mut phase, mut gaps) = (0.0, 0u64, 0);
            for tick in 0..3_000u32 {
                owed += f64::from(rate) / 100.0 * (1.0 + ppm / 1e6);
                while owed >= f64::from(size) {
                    owed -= f64::from(size);
                    let start = phase;
                    phase += u64::from(size);
                    let tone: Vec<f32> =
                        (start..phase).map(|i| (i as f32 % rate as f32 * 300.0 / rate as f32 * std::f32::consts::TAU).sin() * 0.5).collect();
                    heard.push(tone.into_iter(), 1);
                }
                let mut block = [0.0; BLOCK];
                hears.read(&mut block);
                let quiet = block.iter().all(|sample| *sample == 0.0);
                gaps += u32::from(quiet && tick > 100);
            }
            assert_eq!(gaps, 0, "{rate} Hz, {size} frames");
            assert_eq!(hears.watch.fault(), None);
        }
    }

    #[test]
    fn what_is_told_of_a_ring_is_so() {
        for ppm in [-80.0, 0.0, 100.0] {
            let ((mut heard, mut hears, _), (mut playing, mut plays, _)) = (microphone(RATE).unwrap(), speaker(RATE).unwrap());
            let mut owed = 0.0;
            for _ in 0..9_000 {
                owed += BLOCK as f64 * (1.0 + ppm / 1e6);
                while owed >= 128.0 {
                    owed -= 128.0;
                    heard.push([0.1; 128].into_iter(), 1);
                    playing.fill(&mut [0.0; 128], 1, |sample| sample);
                }
                hears.read(&mut [0.0; BLOCK]);
                plays.write(&[0.1; BLOCK]);
            }
            for (end, buffer) in [("microphone", hears.buffer()), ("loudspeaker", plays.buffer())] {
                assert_eq!((buffer.rate, buffer.callback, buffer.gaps), (RATE, 128, 0), "{end}");
                assert!((f64::from(buffer.drift_ppm) - ppm).abs() < 15.0, "{end} at {ppm} ppm: {buffer:?}");
                assert!(buffer.waiting.abs_diff(buffer.target) < 64, "{end} at {ppm} ppm: {buffer:?}");
            }
        }
    }

    #[test]
    fn a_block_that_is_missing_is_counted() {
        let (mut heard, mut hears, _) = microphone(RATE).unwrap();
        heard.push([0.1; 2_048].into_iter(), 1);
        heard.push([0.1; 2_048].into_iter(), 1);
        for _ in 0..20 {
            hears.read(&mut [0.0; BLOCK]);
        }
        assert_eq!(hears.buffer().gaps, 1);
    }

    #[test]
    fn slack_that_is_not_needed_any_more_goes_away() {
        let mut slack = Slack::new(RATE);
        slack.grow();
        slack.grow();
        assert_eq!(slack.now, SLACK + 2 * MORE_SLACK);
        for _ in 0..5 * STEADY {
            slack.rest();
        }
        assert_eq!(slack.now, SLACK);
    }

    #[test]
    fn a_loudspeaker_with_a_clock_of_its_own_has_no_gaps() {
        for (rate, size, ppm) in [(48_000u32, 128usize, 100.0), (44_100, 441, -80.0), (48_000, 1_024, 50.0)] {
            let (mut playing, mut plays, _) = speaker(rate).unwrap();
            let (mut owed, mut gaps) = (0.0, 0);
            for tick in 0..3_000 {
                plays.write(&[0.5; BLOCK]);
                owed += f64::from(rate) / 100.0 * (1.0 + ppm / 1e6);
                while owed >= size as f64 {
                    owed -= size as f64;
                    let mut out = vec![0.0; size];
                    playing.fill(&mut out, 1, |sample| sample);
                    if tick > 100 {
                        gaps += out.iter().filter(|sample| **sample == 0.0).count();
                    }
                }
            }
            assert_eq!(gaps, 0, "{rate} Hz, {size} frames");
        }
    }

    #[test]
    fn a_device_that_stops_is_noticed() {
        let (mut heard, mut hears, alarm) = microphone(48_000).unwrap();
        let mut block = [0.0; BLOCK];
        heard.push(vec![0.0; 480].into_iter(), 1);
        for _ in 0..STALLED_AFTER {
            hears.read(&mut block);
        }
        assert_eq!(hears.watch.fault(), None);
        hears.read(&mut block);
        hears.read(&mut block);
        assert_eq!(hears.watch.fault(), Some(Fault::Stalled));
        alarm.gone();
        assert_eq!(hears.watch.fault(), Some(Fault::Gone));
    }
}
