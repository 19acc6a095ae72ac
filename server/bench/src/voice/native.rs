//! Calls between two engines.

use super::{
    call::{Heard, Line},
    relay::through,
    speech::RATE,
};
use crate::{
    api::Person,
    failure::Failure,
    gateway::{self, attach},
};
use snug_engine::{
    call::Settings,
    device::{Choice, synthetic::Synthetic},
    engine::{self, Clock, Command, Config, Engine, Handle, Update},
    gate::Mode,
    health::Health,
    jitter,
    process::{self, Noise},
    state::State,
    transport::{Link, rtc::Str0m},
};
use snug_protocol::{
    ClientFrame, Event, ServerFrame,
    voice::{VoiceJoin, VoiceStats},
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::AsyncWriteExt as _,
    net::tcp::OwnedWriteHalf,
    sync::mpsc::{self, UnboundedReceiver},
    task::{JoinHandle, spawn_local},
    time::{Instant, interval},
};

/// How long a call may take to stand.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long speech may be on its way after it was spoken.
const AFTERWARDS: Duration = Duration::from_secs(3);
/// How often frames and updates are carried.
const STEP: Duration = Duration::from_millis(10);
/// Between heartbeats: the server's limit is far beyond it.
const BEAT: Duration = Duration::from_secs(10);

/// Lets one engine speak and another listen. Also says what the listener's jitter buffer went through.
pub(crate) async fn talk(server: SocketAddr, line: &Line, said: &[f32]) -> Result<(Heard, jitter::Stats), Failure> {
    let mut listener = Client::join(server, line, &line.listener, line.second.address).await?;
    let mut speaker = Client::join(server, line, &line.speaker, line.first.address).await?;
    let begun = Instant::now();
    let mut steps = interval(STEP);
    while !(speaker.is_up() && listener.is_up() && listener.hears(&line.speaker)) {
        if begun.elapsed() > PATIENCE {
            return Err(line.failed("the engines did not connect in time"));
        }
        steps.tick().await;
        speaker.step(line).await?;
        listener.step(line).await?;
    }
    line.arm();
    let before = listener.devices.played().len();
    speaker.devices.hear(&vec![0.0; RATE]);
    speaker.devices.hear(said);
    let end = Instant::now() + Duration::from_secs_f64(1.0 + said.len() as f64 / RATE as f64) + AFTERWARDS;
    while Instant::now() < end {
        steps.tick().await;
        speaker.step(line).await?;
        listener.step(line).await?;
    }
    let recording = listener.devices.played()[before..].to_vec();
    let stats = listener.stats.lines.iter().find(|(_, track, _)| track.is_some_and(|track| track.user_id == line.speaker.id));
    let whole = !(speaker.overloaded || listener.overloaded);
    Ok((Heard { recording, whole, counts: line.counts() }, stats.map(|(_, _, stats)| *stats).unwrap_or_default()))
}

/// One who is in a call.
struct Client {
    engine: Handle,
    devices: Synthetic,
    state: State,
    stats: engine::Stats,
    /// Whether sound was left out because this machine was busy.
    overloaded: bool,
    relay: SocketAddr,
    events: UnboundedReceiver<(u64, Event)>,
    reader: JoinHandle<()>,
    gateway: OwnedWriteHalf,
    /// The number of the last event.
    last: u64,
    beat: Instant,
}

impl Drop for Client {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Client {
    async fn join(server: SocketAddr, line: &Line, person: &Person, relay: SocketAddr) -> Result<Self, Failure> {
        let fail = Failure::io("reach the gateway");
        let (mut frames, mut gateway) = attach(server, &person.token).await.map_err(&fail)?;
        let (tell, events) = mpsc::unbounded_channel();
        let reader = spawn_local(async move {
            while let Ok(text) = frames.next().await {
                if let Ok(ServerFrame::Dispatch { s, event }) = serde_json::from_slice(text)
                    && tell.send((s, event)).is_err()
                {
                    return;
                }
            }
        });
        let join = VoiceJoin { channel_id: line.channel, self_mute: false, self_deaf: false };
        for frame in [ClientFrame::VoiceJoin(join), ClientFrame::VoiceStats { on: true }] {
            gateway.write_all(&gateway::text(&frame)).await.map_err(&fail)?;
        }
        let devices = Synthetic::default();
        // As in a browser without its processing: what is measured is the network.
        let processing = process::Settings { echo: false, noise: Noise::Off, gain: false };
        let settings = Settings { mode: Mode::Open, processing, evened: false, ..Settings::default() };
        let engine = Engine::spawn(Config {
            devices: Box::new(devices.clone()),
            network: Box::new(Str0m::default()),
            clock: Clock::System,
            settings,
            microphone: Choice::Default,
            speaker: Choice::Default,
        })?;
        let (state, stats, beat) = (State::default(), engine::Stats::default(), Instant::now());
        Ok(Self { engine, devices, state, stats, overloaded: false, relay, events, reader, gateway, last: 0, beat })
    }

    fn is_up(&self) -> bool {
        self.state.link == Some(Link::Up)
    }

    /// Whether there is a line for somebody.
    fn hears(&self, person: &Person) -> bool {
        self.state.lines.values().any(|track| track.is_some_and(|track| track.user_id == person.id))
    }

    async fn send(&mut self, frame: &ClientFrame) -> Result<(), Failure> {
        self.gateway.write_all(&gateway::text(frame)).await.map_err(Failure::io("speak to the gateway"))
    }

    /// Carries what there is between engine and server.
    async fn step(&mut self, line: &Line) -> Result<(), Failure> {
        while let Ok((number, event)) = self.events.try_recv() {
            self.last = number;
            match event {
                Event::VoiceOffer(mut offer) => {
                    offer.sdp = through(&offer.sdp, self.relay);
                    self.engine.command(Command::Offer(offer))?;
                }
                Event::VoiceTracks(tracks) => self.engine.command(Command::Tracks(tracks))?,
                Event::VoiceHeard(heard) => self.engine.command(Command::Heard(heard.heard))?,
                Event::VoiceStats(stats) => self.engine.command(Command::RoomLoss(worst_loss(&stats)))?,
                Event::VoiceEnded(_) => return Err(line.failed("the server ended it")),
                // The rest is about text.
                _ => {}
            }
        }
        while let Some(update) = self.engine.try_update() {
            match update {
                Update::Answer(answer) => self.send(&ClientFrame::VoiceAnswer(answer)).await?,
                Update::Delta(delta) => self.state.apply(delta),
                Update::Stats(stats) => self.stats = stats,
                Update::Health(Health::Overloaded { .. }) => self.overloaded = true,
                Update::Health(Health::Refused { .. } | Health::NetworkLost) => return Err(line.failed("the network was lost")),
                Update::Health(_) | Update::Meters(_) => {}
            }
        }
        if self.beat.elapsed() > BEAT {
            self.beat = Instant::now();
            self.send(&ClientFrame::Heartbeat { s: self.last }).await?;
        }
        Ok(())
    }
}

/// The most that somebody misses of what is sent to them, 0 to 1.
fn worst_loss(stats: &VoiceStats) -> f32 {
    f32::from(stats.peers.iter().map(|peer| peer.loss_down_permille).max().unwrap_or(0)) / 1_000.0
}
