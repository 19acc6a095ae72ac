//! What becomes of speech on bad networks, without one: encoder, redundancy, loss and jitter from a seed, the room of the
//! media server, loss and jitter again, jitter buffer, in virtual time.
//!
//! ```text
//! cargo run -p snug-engine --example impair -- --input speech.wav --output heard.wav --loss 0.1 --burst 3 --both --seed 1
//! ```

use clap::Parser;
use snug_engine::{
    call::{Call, Settings},
    device::wav,
    jitter::Stats,
    sound::{BLOCK, BLOCK_TIME},
    transport::{Codec, Incoming, Outgoing},
};
use snug_protocol::voice::OpusSettings;
use snug_server::sfu::virtual_room::VirtualRoom;
use std::{
    collections::BTreeMap,
    error::Error,
    path::PathBuf,
    time::{Duration, Instant},
};

/// Send speech over bad networks that are not there.
#[derive(Clone, Debug, Parser)]
struct Options {
    /// Speech.
    #[arg(long)]
    input: PathBuf,
    /// What is heard of it.
    #[arg(long)]
    output: PathBuf,
    /// Opus, in bits per second.
    #[arg(long, default_value_t = 28_000)]
    bitrate: u32,
    /// The part of the packets that is lost.
    #[arg(long, default_value_t = 0.0)]
    loss: f64,
    /// How many are lost in a row, on average (Gilbert); 1 for each by itself.
    #[arg(long, default_value_t = 1.0)]
    burst: f64,
    /// What every packet takes, in milliseconds.
    #[arg(long, default_value_t = 50.0)]
    delay: f64,
    /// The standard deviation of it, in milliseconds.
    #[arg(long, default_value_t = 0.0)]
    jitter: f64,
    /// The part of the packets that comes twice.
    #[arg(long, default_value_t = 0.0)]
    twice: f64,
    /// The network is bad only from this second on.
    #[arg(long, default_value_t = 0.0)]
    from: f64,
    /// The network is bad only until this second.
    #[arg(long, default_value_t = f64::INFINITY)]
    until: f64,
    /// On the speaker's leg too, and not only on the listener's.
    #[arg(long)]
    both: bool,
    /// Tell what happens every 200 ms.
    #[arg(long)]
    trace: bool,
    /// The same losses for the same seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// xorshift64* (Vigna 2016).
struct Random(u64);

impl Random {
    /// From 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// About normal: mean 0, deviation 1.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

/// One leg: what is under way on it, and what its receiver would report.
struct Leg<P> {
    weather: Options,
    bad: bool,
    random: Random,
    underway: BTreeMap<(Duration, u64), P>,
    packets: u64,
    bytes: u64,
    lost: u64,
    /// Packets and losses since the last report, and of the reports that are under way.
    unreported: (u32, u32),
    reports: BTreeMap<Duration, (u32, u32)>,
}

impl<P: Clone> Leg<P> {
    fn new(weather: Options, number: u64) -> Self {
        let random = Random((weather.seed * 2 + number).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let (underway, reports) = (BTreeMap::new(), BTreeMap::new());
        Self { weather, bad: false, random, underway, packets: 0, bytes: 0, lost: 0, unreported: (0, 0), reports }
    }

    fn send(&mut self, now: Duration, bytes: usize, packet: P) {
        let Options { loss, burst, delay, jitter, twice, from, until, .. } = self.weather;
        let bad_now = (from..until).contains(&now.as_secs_f64());
        let (loss, jitter, twice) = if bad_now { (loss, jitter, twice) } else { (0.0, 0.0, 0.0) };
        // Gilbert: bad for `burst` packets on average, so often that `loss` of all are lost.
        let recover = 1.0 / burst.max(1.0);
        let fail = if burst > 1.0 { loss * recover / (1.0 - loss) } else { loss };
        self.bad = if burst > 1.0 && self.bad { self.random.next() >= recover } else { self.random.next() < fail } && bad_now;
        self.packets += 1;
        self.bytes += bytes as u64;
        self.unreported.0 += 1;
        if self.bad {
            self.lost += 1;
            self.unreported.1 += 1;
            return;
        }
        let copies = if self.random.next() < twice { 2 } else { 1 };
        for copy in 0..copies {
            let taken = (delay + jitter * self.random.normal()).max(0.0) / 1_000.0;
            self.underway.insert((now + Duration::from_secs_f64(taken), self.packets * 2 + copy), packet.clone());
        }
    }

    fn arrived(&mut self, now: Duration) -> Option<(Duration, P)> {
        let entry = self.underway.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some((entry.key().0, entry.remove()))
    }

    /// What the sender learns now: part lost, packets.
    fn report(&mut self, now: Duration) -> Option<(f32, u32)> {
        if now.as_millis().is_multiple_of(VirtualRoom::REPORTS.as_millis()) && self.unreported.0 > 0 {
            // It is counted at the next interval, and takes its way.
            let known = now + VirtualRoom::REPORTS / 2 + Duration::from_secs_f64(self.weather.delay / 1_000.0);
            self.reports.insert(known, std::mem::take(&mut self.unreported));
        }
        let entry = self.reports.first_entry().filter(|entry| *entry.key() <= now)?;
        let (packets, lost) = entry.remove();
        Some((lost as f32 / packets as f32, packets))
    }
}

/// What a jitter buffer went through between two looks at it.
fn happened(before: &Stats, now: &Stats) -> String {
    let lost = now.lost.saturating_sub(before.lost);
    let (late, red, made_up) = (now.late - before.late, now.from_red - before.from_red, now.concealed - before.concealed);
    let (shorter, longer) = (now.shortened - before.shortened, now.lengthened - before.lengthened);
    let (delay, target) = (now.delay, now.target);
    format!("lost {lost}, late {late}, from RED {red}; samples made up {made_up}, out {shorter}, in {longer}; delay {delay:.1?} of {target:.1?}")
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let input = wav::read(&options.input)?;
    let mut output = wav::Recording::create(&options.output)?;
    let settings = Settings::untouched();
    let mut speaker = Call::new(settings.clone())?;
    let mut listener = Call::new(settings)?;
    speaker.send_on(Some(("up".into(), OpusSettings { bitrate: options.bitrate, ..OpusSettings::DEFAULT })));
    let good = Options { loss: 0.0, jitter: 0.0, twice: 0.0, delay: 5.0, ..options.clone() };
    let mut up: Leg<Outgoing> = Leg::new(if options.both { options.clone() } else { good }, 0);
    let mut down: Leg<Incoming> = Leg::new(options, 1);
    let start = Instant::now();
    let mut room = VirtualRoom::new(start);

    let tail = vec![0.0; 48_000];
    let mut worst = Duration::ZERO;
    let mut before = Stats::default();
    let trace = down.weather.trace;
    for (tick, block) in input.chunks_exact(BLOCK).chain(tail.chunks_exact(BLOCK)).enumerate() {
        let now = BLOCK_TIME * tick as u32;
        if let Some((loss, _)) = up.report(now) {
            speaker.take_report(start + now, loss);
        }
        if let Some((loss, packets)) = down.report(now) {
            room.report(start + now, loss, packets);
        }
        if let Some(packet) = speaker.tick(start + now, block.try_into()?)?.packet {
            up.send(now, packet.payload.len(), packet);
        }
        while let Some((at, packet)) = up.arrived(now) {
            let level = packet.level.map(|level| -(level as i8));
            // The room never sees a number twice: SRTP does not let it through (RFC 3711, 3.3.2).
            let Some(sent) = room.voice(start + at, packet.sequence + 1, packet.timestamp, level, &packet.payload) else { continue };
            let incoming = Incoming {
                mid: "down".into(),
                codec: Codec::Red,
                sequence: sent.sequence as u16,
                timestamp: sent.timestamp,
                marker: false,
                at: start,
                payload: sent.payload.into(),
            };
            down.send(at, incoming.payload.len(), incoming);
        }
        while let Some((at, packet)) = down.arrived(now) {
            listener.handle(start + at, &packet);
        }
        output.write(&listener.tick(start + now, &[0.0; BLOCK])?.playout)?;
        worst = listener.speakers().heard().map(|(_, heard)| heard.stats.delay).fold(worst, Duration::max);
        if trace
            && tick % 20 == 0
            && let Some((_, heard)) = listener.speakers().heard().next()
        {
            let since = std::mem::replace(&mut before, heard.stats);
            println!("{:5.1} s: {}", now.as_secs_f64(), happened(&since, &heard.stats));
        }
    }
    output.flush()?;
    let seconds = (input.len() + tail.len()) as f64 / 48_000.0;
    for (name, (lost, packets, bytes)) in [("up", (up.lost, up.packets, up.bytes)), ("down", (down.lost, down.packets, down.bytes))] {
        println!("{name}: {lost} of {packets} lost, {:.1} kb/s of RTP payload", bytes as f64 * 8.0 / seconds / 1_000.0);
    }
    println!("longest delay in the jitter buffer: {worst:?}");
    for (_, heard) in listener.speakers().heard() {
        println!("{:?}", heard.stats);
    }
    Ok(())
}
