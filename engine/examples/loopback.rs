//! Hear yourself: before processing and after it. Return switches, Ctrl-C ends. Wear headphones.
//!
//! ```text
//! cargo run -p snug-engine --example loopback
//! cargo run -p snug-engine --example loopback -- --input noisy.wav --output clean.wav --seconds 10
//! ```

mod common;

use clap::Parser;
use snug_engine::{
    call::Settings,
    engine::{Clock, Command, Config, Engine, Update},
    gate::Mode,
    process::{self, Noise},
    transport::rtc::Str0m,
};
use std::{
    error::Error,
    io::{self, Write},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// Hear yourself before and after processing.
#[derive(Debug, Parser)]
struct Options {
    #[command(flatten)]
    sound: common::Sound,
    /// Begin with the sound as the microphone gives it.
    #[arg(long)]
    raw: bool,
    /// Suppress noise strongly.
    #[arg(long)]
    strong: bool,
    /// End after so many seconds.
    #[arg(long)]
    seconds: Option<u64>,
}

fn settings(raw: bool, strong: bool) -> Settings {
    let processed = process::Settings { noise: if strong { Noise::Strong } else { Noise::Standard }, ..process::Settings::default() };
    let untouched = process::Settings { echo: false, noise: Noise::Off, gain: false };
    Settings { mode: Mode::Open, processing: if raw { untouched } else { processed }, ..Settings::default() }
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    if options.sound.list {
        return Ok(common::Sound::print_devices()?);
    }
    let (devices, microphone, speaker) = options.sound.open();
    let mut raw = options.raw;
    let engine = Engine::spawn(Config {
        devices,
        network: Box::new(Str0m::default()),
        clock: Clock::System,
        settings: settings(raw, options.strong),
        microphone,
        speaker,
    })?;
    engine.command(Command::Test(true))?;
    engine.command(Command::HearYourself(true))?;
    let (pressed, presses) = mpsc::channel();
    thread::spawn(move || {
        // At the end of the input there is nobody to switch.
        while io::stdin().read_line(&mut String::new()).is_ok_and(|length| length > 0) && pressed.send(()).is_ok() {}
    });
    let begun = Instant::now();
    while options.seconds.is_none_or(|seconds| begun.elapsed() < Duration::from_secs(seconds)) {
        if presses.try_recv().is_ok() {
            raw = !raw;
            engine.command(Command::Set(settings(raw, options.strong)))?;
        }
        match engine.update(Duration::from_millis(100))? {
            Some(Update::Meters(meters)) => {
                print!("\r{} {:6.1} dB  {:9}", common::bar(meters.microphone_db), meters.microphone_db, if raw { "raw" } else { "processed" });
                io::stdout().flush()?;
            }
            Some(Update::Health(health)) => println!("\r{health}"),
            Some(Update::Delta(_) | Update::Answer(_) | Update::Stats(_)) | None => {}
        }
    }
    println!();
    Ok(())
}
