//! Somebody in a call: an engine, and the gateway that carries its signals.

use super::relay::through;
use crate::{
    api::Person,
    failure::Failure,
    gateway::{self, attach},
};
use snug_engine::{
    call::Settings,
    device::{Choice, Devices},
    engine::{self, Clock, Command, Config, Engine, Handle, Update},
    health::Health,
    state::{State, Use},
    transport::{Link, rtc::Str0m},
};
use snug_protocol::{ChannelId, ClientFrame, Event, ServerFrame, voice::VoiceJoin};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::AsyncWriteExt as _,
    net::tcp::OwnedWriteHalf,
    sync::mpsc::{self, UnboundedReceiver},
    task::{JoinHandle, spawn_local},
    time::{Instant, sleep},
};

/// How long a call may take to stand.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often frames and updates are carried.
const STEP: Duration = Duration::from_millis(10);
/// Between heartbeats: the server's limit is far beyond it.
const BEAT: Duration = Duration::from_secs(10);

/// See the [module](self).
pub(crate) struct Peer {
    engine: Handle,
    pub(crate) state: State,
    pub(crate) stats: engine::Stats,
    /// Whether sound was left out because this machine was busy.
    pub(crate) overloaded: bool,
    /// What stands between it and the server.
    relay: Option<SocketAddr>,
    events: UnboundedReceiver<(u64, Event)>,
    reader: JoinHandle<()>,
    gateway: OwnedWriteHalf,
    /// The number of the last event.
    last: u64,
    beat: Instant,
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Peer {
    /// Asks to be in a channel. [`Peer::step`] does the rest.
    pub(crate) async fn join(
        server: SocketAddr,
        channel: ChannelId,
        token: &str,
        devices: impl Devices + 'static,
        settings: Settings,
    ) -> Result<Self, Failure> {
        let fail = Failure::io("reach the gateway");
        let (mut frames, mut gateway) = attach(server, token).await.map_err(&fail)?;
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
        let join = VoiceJoin { channel_id: channel, self_mute: false, self_deaf: false };
        gateway.write_all(&gateway::text(&ClientFrame::VoiceJoin(join))).await.map_err(&fail)?;
        let engine = Engine::spawn(Config {
            devices: Box::new(devices),
            network: Box::new(Str0m::default()),
            clock: Clock::System,
            settings,
            microphone: Choice::Default,
            speaker: Choice::Default,
        })?;
        let (state, stats, beat) = (State::default(), engine::Stats::default(), Instant::now());
        Ok(Self { engine, state, stats, overloaded: false, relay: None, events, reader, gateway, last: 0, beat })
    }

    /// The same, with media that goes by a relay. To be said before the first [`Peer::step`].
    pub(crate) fn by(mut self, relay: SocketAddr) -> Self {
        self.relay = Some(relay);
        self
    }

    /// Whether media flows, and the devices are open.
    pub(crate) fn is_up(&self) -> bool {
        let open = |used: &Use| matches!(used, Use::Open { .. });
        self.state.link == Some(Link::Up) && open(&self.state.microphone) && open(&self.state.speaker)
    }

    /// How many others it has a line for.
    pub(crate) fn lines(&self) -> usize {
        self.state.lines.values().flatten().count()
    }

    /// Whether there is a line for somebody.
    pub(crate) fn hears(&self, person: &Person) -> bool {
        self.state.lines.values().flatten().any(|track| track.user_id == person.id)
    }

    /// Carries what there is between engine and server.
    pub(crate) async fn step(&mut self) -> Result<(), Failure> {
        while let Ok((number, event)) = self.events.try_recv() {
            self.last = number;
            match event {
                Event::VoiceOffer(mut offer) => {
                    if let Some(relay) = self.relay {
                        offer.sdp = through(&offer.sdp, relay);
                    }
                    self.engine.command(Command::Offer(offer))?;
                }
                Event::VoiceTracks(tracks) => self.engine.command(Command::Tracks(tracks))?,
                Event::VoiceHeard(heard) => self.engine.command(Command::Heard(heard.heard))?,
                Event::VoiceEnded(_) => return Err(failed("the server ended it")),
                // The rest is about text.
                _ => {}
            }
        }
        while let Some(update) = self.engine.try_update() {
            match update {
                Update::Answer(answer) => self.send(&ClientFrame::VoiceAnswer(answer)).await?,
                Update::Delta(delta) => self.state.apply(delta),
                Update::Stats(stats) => self.stats = *stats,
                Update::Health(Health::Overloaded { .. }) => self.overloaded = true,
                Update::Health(Health::Refused { .. } | Health::NetworkLost) => return Err(failed("the network was lost")),
                Update::Health(Health::NoDevice { .. }) => return Err(failed("a device does not open")),
                Update::Health(_) | Update::Meters(_) => {}
            }
        }
        if self.beat.elapsed() > BEAT {
            self.beat = Instant::now();
            self.send(&ClientFrame::Heartbeat { s: self.last }).await?;
        }
        Ok(())
    }

    async fn send(&mut self, frame: &ClientFrame) -> Result<(), Failure> {
        self.gateway.write_all(&gateway::text(frame)).await.map_err(Failure::io("speak to the gateway"))
    }
}

fn failed(reason: &'static str) -> Failure {
    Failure::Call { call: "of engines".to_owned(), reason }
}

/// Waits until all hear all others.
pub(crate) async fn connect(peers: &mut [Peer]) -> Result<(), Failure> {
    let begun = Instant::now();
    let others = peers.len() - 1;
    while !peers.iter().all(|peer| peer.is_up() && peer.lines() == others) {
        if begun.elapsed() > PATIENCE {
            return Err(failed("they did not connect in time"));
        }
        carry(peers, STEP).await?;
    }
    Ok(())
}

/// Lets them talk for a while.
pub(crate) async fn carry(peers: &mut [Peer], time: Duration) -> Result<(), Failure> {
    let end = Instant::now() + time;
    while Instant::now() < end {
        sleep(STEP).await;
        for peer in &mut *peers {
            peer.step().await?;
        }
    }
    Ok(())
}
