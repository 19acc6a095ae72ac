//! What becomes of speech on a bad network, without one: encoder, redundancy, loss and jitter from a seed, jitter buffer, in virtual time.
//!
//! ```text
//! cargo run -p snug-engine --example impair -- --input speech.wav --output heard.wav --loss 0.1 --jitter 20 --seed 1
//! ```

use clap::Parser;
use snug_engine::{
    call::{Call, Settings},
    device::wav,
    gate::Mode,
    process::{self, Noise},
    sound::{BLOCK, BLOCK_TIME},
    transport::Outgoing,
};
use snug_protocol::voice::OpusSettings;
use std::{
    collections::BTreeMap,
    error::Error,
    path::PathBuf,
    time::{Duration, Instant},
};

/// Send speech over a bad network that is not there.
#[derive(Debug, Parser)]
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
    /// The same losses for the same seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Do not tell the sender how much is lost.
    #[arg(long)]
    untold: bool,
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

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let input = wav::read(&options.input)?;
    let mut output = wav::Recording::create(&options.output)?;
    let settings = Settings {
        mode: Mode::Open,
        processing: process::Settings { echo: false, noise: Noise::Off, gain: false },
        evened: false,
        ..Settings::default()
    };
    let mut sender = Call::new(settings.clone())?;
    let mut listener = Call::new(settings)?;
    sender.send_on(Some(("up".into(), OpusSettings { bitrate: options.bitrate, ..OpusSettings::DEFAULT })));
    let mut random = Random(options.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    // Gilbert: bad for `burst` packets on average, so often that `loss` of all are lost.
    let recover = 1.0 / options.burst.max(1.0);
    let fail = if options.burst > 1.0 { options.loss * recover / (1.0 - options.loss) } else { options.loss };
    let mut bad = false;

    let start = Instant::now();
    let mut network: BTreeMap<(Instant, u64), Outgoing> = BTreeMap::new();
    let (mut bytes, mut packets, mut lost) = (0, 0u64, 0);
    let tail = vec![0.0; 48_000];
    for (tick, block) in input.chunks_exact(BLOCK).chain(tail.chunks_exact(BLOCK)).enumerate() {
        let now = start + BLOCK_TIME * tick as u32;
        if !options.untold && tick == 100 {
            sender.set_loss(options.loss as f32);
        }
        if let Some(packet) = sender.tick(now, block.try_into()?)?.packet {
            bytes += packet.payload.len();
            packets += 1;
            bad = if options.burst > 1.0 && bad { random.next() >= recover } else { random.next() < fail };
            let delay = (options.delay + options.jitter * random.normal()).max(0.0);
            if bad {
                lost += 1;
            } else {
                network.insert((now + Duration::from_secs_f64(delay / 1_000.0), packets), packet);
            }
        }
        while let Some(entry) = network.first_entry().filter(|entry| entry.key().0 <= now) {
            let at = entry.key().0;
            listener.handle(now, &entry.remove().arrived(at));
        }
        output.write(&listener.tick(now, &[0.0; BLOCK])?.playout)?;
    }
    output.flush()?;
    let seconds = (input.len() + tail.len()) as f64 / 48_000.0;
    println!("lost {lost} of {packets}; {:.1} kb/s of RTP payload", bytes as f64 * 8.0 / seconds / 1_000.0);
    for (_, heard) in listener.speakers().heard() {
        println!("{:?}", heard.stats);
    }
    Ok(())
}
