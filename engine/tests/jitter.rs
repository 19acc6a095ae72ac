//! The jitter buffer under networks of every kind, in virtual time.

mod common;

use proptest::prelude::*;
use snug_engine::{
    codec::{Decode, Decoder, Encoder, Encoding},
    jitter::{JitterBuffer, Packet, Played},
    sound::{BLOCK, BLOCK_TIME},
};
use snug_redundancy::{Copies, History};
use std::{
    cell::RefCell,
    collections::BTreeMap,
    rc::Rc,
    sync::OnceLock,
    time::{Duration, Instant},
};

/// What was decoded: the number that each packet begins with after Opus's own first byte.
type Log = Rc<RefCell<Vec<u32>>>;

/// Opus, with the number of each frame behind it.
struct Numbered {
    inner: Decoder,
    log: Log,
}

impl Numbered {
    fn opus(packet: &[u8]) -> &[u8] {
        &packet[..packet.len().saturating_sub(4)]
    }
}

impl Decode for Numbered {
    fn samples(&self, packet: &[u8]) -> Option<usize> {
        self.inner.samples(Self::opus(packet))
    }
    fn repairs(&self, packet: &[u8]) -> bool {
        self.inner.repairs(Self::opus(packet))
    }
    fn decode(&mut self, packet: &[u8], sound: &mut Vec<f32>) {
        let number = u32::from_be_bytes(packet[packet.len() - 4..].try_into().unwrap());
        assert_eq!(packet, numbered(number), "what is played is not what was sent");
        self.log.borrow_mut().push(number);
        self.inner.decode(Self::opus(packet), sound);
    }
    fn repair(&mut self, next: &[u8], sound: &mut Vec<f32>) {
        self.inner.repair(Self::opus(next), sound);
    }
    fn conceal(&mut self, samples: usize, sound: &mut Vec<f32>) {
        self.inner.conceal(samples, sound);
    }
    fn reset(&mut self) {
        self.inner.reset();
    }
}

/// By arrival in microseconds, then by number: sequence, timestamp, payload.
type Network = BTreeMap<(u64, usize, bool), (u16, u32, Vec<u8>)>;

/// What a sender does and a network makes of it.
#[derive(Clone, Debug)]
struct Call {
    frames: usize,
    /// Each frame: lost, delayed by milliseconds, sent twice.
    fates: Vec<(bool, u16, bool)>,
    copies: Copies,
    first_timestamp: u32,
    first_sequence: u16,
    /// Frames after which the sender falls silent for so many frames.
    pauses: Vec<(usize, u16)>,
}

fn call(loss: f64, jitter: u16) -> impl Strategy<Value = Call> {
    let fate = (prop::bool::weighted(loss), 0..=jitter, prop::bool::weighted(0.05));
    (
        prop::collection::vec(fate, 300),
        prop::sample::select(vec![Copies::None, Copies::One, Copies::Two, Copies::TwoApart, Copies::Four]),
        any::<u32>(),
        any::<u16>(),
        prop::collection::vec((0..300usize, 1..60u16), 0..3),
    )
        .prop_map(|(fates, copies, first_timestamp, first_sequence, pauses)| Call {
            frames: fates.len(),
            fates,
            copies,
            first_timestamp,
            first_sequence,
            pauses,
        })
}

/// Speech, encoded for a network that loses much.
fn frames() -> &'static [Vec<u8>] {
    static FRAMES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    FRAMES.get_or_init(|| {
        let mut encoder = Encoder::new(Encoding { bitrate: 28_000, fec: true, loss: 0.2, ..Encoding::default() }).unwrap();
        common::speech("en-us", common::SENTENCES).chunks_exact(960).map(|frame| encoder.encode(frame).unwrap().to_vec()).collect()
    })
}

fn numbered(number: u32) -> Vec<u8> {
    let mut frame = frames()[number as usize % frames().len()].clone();
    frame.extend_from_slice(&number.to_be_bytes());
    frame
}

struct Outcome {
    decoded: Vec<u32>,
    delivered: Vec<u32>,
    blocks: Vec<Played>,
    buffer: JitterBuffer<Numbered>,
    /// The longest stretch of samples of exact silence while somebody spoke without a pause.
    longest_delay: Duration,
}

fn run(call: &Call) -> Outcome {
    let start = Instant::now();
    let log = Log::default();
    let decoder = Numbered { inner: Decoder::new().unwrap(), log: log.clone() };
    let mut buffer = JitterBuffer::new(start, decoder);
    let mut history = History::default();
    let mut network = Network::new();
    let mut delivered = Vec::new();
    let mut slot = 0u64;
    for number in 0..call.frames {
        for (after, pause) in &call.pauses {
            if *after == number {
                slot += u64::from(*pause);
            }
        }
        let frame = numbered(number as u32);
        let timestamp = call.first_timestamp.wrapping_add(slot as u32 * 960);
        let sequence = call.first_sequence.wrapping_add(number as u16);
        let mut payload = Vec::new();
        history.take(111, timestamp, &frame);
        history.pack(timestamp, call.copies, &mut payload);
        let (lost, delay, twice) = call.fates[number];
        if !lost {
            let at = slot * 20_000 + u64::from(delay) * 1_000;
            delivered.push(number as u32);
            network.insert((at, number, false), (sequence, timestamp, payload.clone()));
            if twice {
                network.insert((at + 7_000, number, true), (sequence, timestamp, payload));
            }
        }
        slot += 1;
    }
    let end = slot * 20_000 + 2_000_000;
    let mut blocks = Vec::new();
    let mut block = [0.0; BLOCK];
    let mut longest_delay = Duration::ZERO;
    for tick in 0..end / 10_000 {
        let now = tick * 10_000;
        while let Some(entry) = network.first_entry().filter(|entry| entry.key().0 <= now) {
            let at = start + Duration::from_micros(entry.key().0);
            let (sequence, timestamp, payload) = entry.remove();
            buffer.handle(at, Packet { sequence, timestamp, red: true, payload: &payload });
        }
        blocks.push(buffer.pull(start + BLOCK_TIME * tick as u32, &mut block));
        assert!(block.iter().all(|sample| (-1.0..=1.0).contains(sample)));
        longest_delay = longest_delay.max(buffer.stats().delay);
    }
    let decoded = log.borrow().clone();
    Outcome { decoded, delivered, blocks, buffer, longest_delay }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24,
        failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_voice_never_goes_back_and_is_never_repeated(call in call(0.2, 200)) {
        let outcome = run(&call);
        prop_assert!(outcome.decoded.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", outcome.decoded);
    }

    #[test]
    fn without_loss_and_within_the_delay_everything_is_played(call in call(0.0, 0)) {
        let outcome = run(&call);
        let all: Vec<u32> = (0..call.frames as u32).collect();
        prop_assert_eq!(outcome.decoded, all);
        prop_assert_eq!(outcome.buffer.stats().late, 0);
    }

    #[test]
    fn the_delay_stays_within_what_the_network_needs(call in call(0.1, 120)) {
        let outcome = run(&call);
        // Two frames for the copies, the jitter itself, and what is allowed beside it.
        prop_assert!(outcome.longest_delay < Duration::from_millis(500), "{:?}", outcome.longest_delay);
        prop_assert!(outcome.buffer.stats().received as usize == outcome.delivered.len());
    }

    #[test]
    fn the_end_is_silence(call in call(0.3, 300)) {
        let outcome = run(&call);
        let last = &outcome.blocks[outcome.blocks.len() - 20..];
        prop_assert!(last.iter().all(|played| *played == Played::Silence), "{last:?}");
    }
}

fn steady(frames: usize, copies: Copies, lost: impl Fn(usize) -> bool) -> Call {
    Call {
        frames,
        fates: (0..frames).map(|frame| (lost(frame), 0, false)).collect(),
        copies,
        first_timestamp: 0,
        first_sequence: 0,
        pauses: Vec::new(),
    }
}

#[test]
fn copies_fill_what_is_lost() {
    // One in five, never two together.
    let outcome = run(&steady(500, Copies::One, |frame| frame % 5 == 4));
    let missing: Vec<u32> = (20..499).filter(|frame| !outcome.decoded.contains(frame)).collect();
    assert!(missing.is_empty(), "{missing:?} {:?}", outcome.buffer.stats());
    assert!(outcome.buffer.stats().from_red >= 95);
}

#[test]
fn repair_data_fills_what_is_lost_without_copies() {
    let outcome = run(&steady(500, Copies::None, |frame| frame % 5 == 4));
    let stats = outcome.buffer.stats();
    assert!(stats.from_fec >= 80, "{stats:?}");
    assert!(stats.concealed < 25 * 960, "{stats:?}");
}

#[test]
fn on_a_steady_network_little_is_waited_for() {
    let outcome = run(&steady(500, Copies::None, |_| false));
    let stats = outcome.buffer.stats();
    assert!(stats.delay <= Duration::from_millis(15), "{stats:?}");
    assert_eq!(stats.concealed / 480, 20 + 1, "only the end is made up: {stats:?}");
}

#[test]
fn another_speaker_on_the_same_line_is_heard() {
    let start = Instant::now();
    let log = Log::default();
    let mut buffer = JitterBuffer::new(start, Numbered { inner: Decoder::new().unwrap(), log: log.clone() });
    let mut block = [0.0; BLOCK];
    for number in 0..200u32 {
        let at = start + Duration::from_millis(20) * number;
        let timestamp = if number < 100 { number * 960 } else { 0x9000_0000 + number * 960 };
        let payload = numbered(number);
        buffer.handle(at, Packet { sequence: number as u16, timestamp, red: false, payload: &payload });
        for half in 0..2 {
            buffer.pull(at + BLOCK_TIME * half, &mut block);
        }
    }
    let decoded = log.borrow();
    // The last frames of the first one wait no more when the second one comes.
    let missing = (0..195).filter(|number| !decoded.contains(number)).count();
    assert!(missing <= 3, "{decoded:?}");
}
