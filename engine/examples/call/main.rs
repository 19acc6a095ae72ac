//! Joins a voice channel from a terminal, with live meters. Ctrl-C leaves.
//!
//! ```text
//! cargo run -p snug-engine --example call -- --server http://localhost:8080 --invite CODE
//! cargo run -p snug-engine --example call -- --server … --invite … --input speech.wav --output heard.wav --seconds 20
//! ```

#[path = "../common/mod.rs"]
mod common;
mod gateway;

use clap::Parser;
use gateway::{Account, Gateway};
use snug_engine::{
    call::Settings,
    engine::{Clock, Command, Config, Engine, Handle, Meters, Stats, Update},
    gate::Mode,
    health::Health,
    process::{self, Noise},
    state::Delta,
    transport::rtc::Str0m,
};
use snug_protocol::{
    UserId,
    gateway::{ClientFrame, Event},
    voice::VoiceJoin,
};
use std::{
    collections::HashMap,
    error::Error,
    io::{self, Write},
    time::Duration,
};
use tokio::{
    sync::mpsc,
    time::{self, Instant},
};

/// Join a voice channel.
#[derive(Debug, Parser)]
struct Options {
    /// Where the server is.
    #[arg(long)]
    server: String,
    /// An invite's code or link, to register with if the name is new.
    #[arg(long)]
    invite: Option<String>,
    /// The name to log in or register with.
    #[arg(long, default_value = "terminal")]
    name: String,
    /// Its password.
    #[arg(long, env = "SNUG_PASSWORD", default_value = "correct horse battery staple")]
    password: String,
    /// The voice channel's name; the first one without.
    #[arg(long)]
    channel: Option<String>,
    #[command(flatten)]
    sound: common::Sound,
    /// Send always, and as the microphone gives it: for recordings.
    #[arg(long)]
    raw: bool,
    /// Hear nobody.
    #[arg(long)]
    deaf: bool,
    /// Leave after so many seconds.
    #[arg(long)]
    seconds: Option<u64>,
}

/// Frames and events that wait.
const WAITING: usize = 256;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(io::stderr).with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).init();
    let options = Options::parse();
    if options.sound.list {
        return Ok(common::Sound::print_devices()?);
    }
    let account =
        Account { server: options.server.clone(), name: options.name.clone(), password: options.password.clone(), invite: options.invite.clone() };
    let gateway = Gateway::connect(&options.server, account.log_in().await?).await?;
    let channel = gateway.channel(options.channel.as_deref()).ok_or("there is no such voice channel")?;
    println!("In {}", channel.name);
    let names: HashMap<UserId, String> = gateway.names().into_iter().collect();

    let engine = spawn(&options)?;
    let (send, frames) = mpsc::channel(WAITING);
    let (tell, mut events) = mpsc::channel(WAITING);
    send.send(ClientFrame::VoiceJoin(VoiceJoin { channel_id: channel.id, self_mute: false, self_deaf: options.deaf })).await?;
    send.send(ClientFrame::VoiceStats { on: true }).await?;
    let mut gateway = Box::pin(gateway.run(frames, tell));
    let end = options.seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut screen = Screen { names, meters: Meters::default(), stats: Stats::default() };
    let mut poll = time::interval(Duration::from_millis(10));
    loop {
        tokio::select! {
            result = &mut gateway => return result,
            _ = tokio::signal::ctrl_c() => break,
            Some(event) = events.recv() => {
                if let Some(command) = command(event)? {
                    engine.command(command)?;
                }
            }
            _ = poll.tick() => {
                while let Some(update) = engine.try_update() {
                    match &update {
                        Update::Answer(answer) => send.send(ClientFrame::VoiceAnswer(answer.clone())).await?,
                        // Another way may be there: the server offers it.
                        Update::Health(Health::NetworkLost) => send.send(ClientFrame::VoiceRestart).await?,
                        Update::Health(_) | Update::Delta(_) | Update::Meters(_) | Update::Stats(_) => {}
                    }
                    screen.show(update)?;
                }
                if end.is_some_and(|end| Instant::now() >= end) {
                    break;
                }
            }
        }
    }
    println!();
    screen.summary();
    send.send(ClientFrame::VoiceLeave).await?;
    drop(send);
    gateway.await
}

fn spawn(options: &Options) -> Result<Handle, Box<dyn Error>> {
    let (devices, microphone, speaker) = options.sound.open();
    let untouched = process::Settings { echo: false, noise: Noise::Off, gain: false };
    let settings =
        if options.raw { Settings { mode: Mode::Open, processing: untouched, evened: false, ..Settings::default() } } else { Settings::default() };
    let engine = Engine::spawn(Config { devices, network: Box::new(Str0m::default()), clock: Clock::System, settings, microphone, speaker })?;
    engine.command(Command::Deafen(options.deaf))?;
    Ok(engine)
}

/// What an event means for the engine.
fn command(event: Event) -> Result<Option<Command>, Box<dyn Error>> {
    Ok(match event {
        Event::VoiceOffer(offer) => Some(Command::Offer(offer)),
        Event::VoiceTracks(tracks) => Some(Command::Tracks(tracks)),
        Event::VoiceHeard(heard) => Some(Command::Heard(heard.heard)),
        Event::VoiceEnded(ended) => return Err(format!("the call ended: {:?}", ended.reason).into()),
        // The rest is about text.
        _ => None,
    })
}

/// What the terminal shows.
struct Screen {
    names: HashMap<UserId, String>,
    meters: Meters,
    stats: Stats,
}

impl Screen {
    fn show(&mut self, update: Update) -> io::Result<()> {
        match update {
            Update::Meters(meters) => {
                self.meters = meters;
                self.draw()
            }
            Update::Stats(stats) => {
                self.stats = stats;
                Ok(())
            }
            Update::Health(health) => writeln!(io::stdout(), "\r\x1b[K{health}"),
            Update::Delta(Delta::Link(Some(link))) => writeln!(io::stdout(), "\r\x1b[K{link:?}"),
            Update::Delta(_) | Update::Answer(_) => Ok(()),
        }
    }

    fn draw(&self) -> io::Result<()> {
        let mut line = format!("\r\x1b[Kyou {}{}", common::bar(self.meters.microphone_db), if self.meters.open { "*" } else { " " });
        for (_, track, level_db) in &self.meters.lines {
            if let Some(track) = track {
                let name = self.names.get(&track.user_id).map_or("somebody", String::as_str);
                line.push_str(&format!("  {name} {}", common::bar(*level_db)));
            }
        }
        let mut out = io::stdout();
        out.write_all(line.as_bytes())?;
        out.flush()
    }

    fn summary(&self) {
        let traffic = self.stats.traffic;
        println!(
            "sent {} B, received {} B, round trip {:?}, uplink loss {:.3}",
            traffic.sent, traffic.received, traffic.round_trip, self.stats.uplink_loss
        );
        println!("10 ms take {:?} (median), {:?} (longest)", self.stats.work_median, self.stats.work_longest);
        for (mid, _, stats) in &self.stats.lines {
            println!("line {mid}: {stats:?}");
        }
    }
}
