//! The media server: forwards the voices and pictures of a room to those in it.
//!
//! Each worker is a thread with a UDP port of its own and the rooms that are pinned to it. What a peer may do is
//! said from outside by [`May`], and holds from the moment the command is taken; nothing else opens or closes a way.
//!
//! It knows no gateway and no permissions: [`Command`]s come in, [`Event`]s go out.
//!
//! ```text
//! Sfu ── routing ──> thread (sockets) ──> worker (whose is it?) ──> peer (str0m, negotiation)
//!                                              └──────────────────> room (who hears whom?)
//! ```
//!
//! `room` and `negotiation` decide, without a clock or a socket; `worker` does, without a socket; `thread` waits and sends.

pub mod config;
pub mod counters;
#[doc(hidden)]
pub mod fuzz;
mod negotiation;
mod peer;
mod room;
mod routing;
mod sdp;
mod srtp;
mod stun;
pub mod tcp;
mod thread;
#[doc(hidden)]
pub mod virtual_room;
mod worker;

pub use config::{Config, StartError};
pub use counters::{Counters, Dropped};

use peer::Shared;
use routing::Routing;
use snug_protocol::{
    ChannelId, UserId,
    voice::{OpusSettings, PeerStats, TrackKind, TrackRef, VoiceTake, VoiceTrack},
};
use std::{
    net::{SocketAddr, TcpStream},
    sync::Arc,
};
use thread::{Do, Port, Thread};
use worker::Worker;

/// One connection of somebody to a room. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerId(pub u64);

/// What a peer may do: permissions, mute and deafness in one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct May {
    /// Be heard.
    pub speak: bool,
    /// Hear.
    pub listen: bool,
    /// Send pictures, and sound with them.
    pub share: bool,
}

/// What the media server is to do.
#[derive(Clone, Debug)]
pub enum Command {
    /// Somebody comes. An offer follows.
    Join {
        /// Who is new.
        peer: PeerId,
        /// Where.
        room: ChannelId,
        /// Who.
        user: UserId,
        /// What they may.
        may: May,
        /// How voices are encoded there. Holds for all in the room.
        opus: OpusSettings,
    },
    /// Somebody goes.
    Leave(PeerId),
    /// What somebody may has changed.
    Allow(PeerId, May),
    /// How voices are encoded in a room has changed. Offers follow.
    Opus(ChannelId, OpusSettings),
    /// Somebody has answered an offer.
    Answer {
        /// Who.
        peer: PeerId,
        /// Which.
        negotiation: u32,
        /// SDP.
        sdp: String,
    },
    /// Somebody wants to send something beside the microphone.
    Publish(PeerId, TrackKind),
    /// Somebody sends it no more.
    Unpublish(PeerId, TrackKind),
    /// Somebody wants to be sent what another one shows.
    Watch(PeerId, TrackRef),
    /// And no more.
    Unwatch(PeerId, TrackRef),
    /// Somebody's network has changed: an offer with an ICE restart follows.
    Restart(PeerId),
    /// Whether somebody asks for [`Event::Stats`] of their room.
    Stats(PeerId, bool),
}

/// What the media server tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A peer is to answer this.
    Offer {
        /// Who.
        peer: PeerId,
        /// From 1.
        negotiation: u32,
        /// SDP.
        sdp: String,
        /// On which m-lines the peer sends.
        takes: Vec<VoiceTake>,
        /// What the m-lines carry on which the server sends.
        tracks: Vec<VoiceTrack>,
    },
    /// The m-lines of a peer carry others.
    Tracks(PeerId, Vec<VoiceTrack>),
    /// Somebody shows something, or no more: all that they send beside the microphone.
    Shares(PeerId, Vec<TrackKind>),
    /// Who is heard in a room.
    Speaking(ChannelId, Vec<UserId>),
    /// Whether sound of a peer that may speak arrives.
    Heard(PeerId, bool),
    /// How those in a room are connected, for a peer that asked.
    Stats(PeerId, Vec<PeerStats>),
    /// A peer is out, though nobody said so: no media came through, its answer made no sense, or its work panicked.
    Gone(PeerId, &'static str),
}

/// Why a peer is out, though nobody said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gone {
    Unanswered,
    Answer,
    Unreached,
    Lost,
    Media,
    Closed,
    Panicked,
    Broken,
}

impl Gone {
    const fn reason(self) -> &'static str {
        match self {
            Self::Unanswered => "it did not answer an offer in time",
            Self::Answer => "its answer made no sense",
            Self::Unreached => "no media came through",
            Self::Lost => "its media was cut off for too long",
            Self::Media => "its media made no sense, or came with another certificate than it said",
            Self::Closed => "it closed its connection",
            Self::Panicked => "its work panicked",
            Self::Broken => "the media server could not make a connection for it",
        }
    }
}

/// A running media server. Dropping it ends its threads.
pub struct Sfu {
    routing: Arc<Routing>,
    threads: Vec<Thread>,
    counters: Arc<Counters>,
}

impl Sfu {
    /// Takes the ports and starts the threads. `events` is called by all of them, and must not wait.
    pub fn start(config: &Config, events: impl Fn(Event) + Send + Sync + 'static) -> Result<Self, StartError> {
        if config.ports.is_empty() {
            return Err(StartError::NoPort);
        }
        let addresses = config.addresses()?;
        let crypto = Arc::new(srtp::provider());
        let counters = Arc::new(Counters::default());
        let routing = Arc::new(Routing::new(config.ports.len()));
        let events: Arc<dyn Fn(Event) + Send + Sync> = Arc::new(events);
        let start = |(number, port): (usize, &u16)| {
            let port = Port::open(config.listen, *port, *port == 0 || config.shared_tcp != Some(*port))?;
            let candidates: Vec<_> = addresses.iter().map(|ip| SocketAddr::new(*ip, port.address.port())).collect();
            let shared = Shared { crypto: crypto.clone(), candidates: candidates.clone(), egress_bps: config.egress_bps, counters: counters.clone() };
            let worker = Worker::new(number, shared, routing.clone(), events.clone());
            Thread::spawn(number, port, worker, candidates)
        };
        let threads = config.ports.iter().enumerate().map(start).collect::<Result<_, _>>()?;
        Ok(Self { routing, threads, counters })
    }

    /// Does something. Returns at once; what it says of a peer that has gone is ignored.
    pub fn send(&self, command: Command) {
        let worker = match &command {
            Command::Join { peer, room, .. } => self.routing.add(*peer, *room),
            Command::Opus(room, _) => self.routing.of_room(*room),
            Command::Leave(peer)
            | Command::Allow(peer, _)
            | Command::Answer { peer, .. }
            | Command::Publish(peer, _)
            | Command::Unpublish(peer, _)
            | Command::Watch(peer, _)
            | Command::Unwatch(peer, _)
            | Command::Restart(peer)
            | Command::Stats(peer, _) => self.routing.of_peer(*peer),
        };
        if let Some(worker) = worker {
            self.threads[worker].tell(Do::Command(command));
        }
    }

    /// Takes a TCP connection that [`tcp::is_media`] says is media. `first` is what has been read of it: at least the
    /// whole first frame, or it is closed, since only that says whose it is.
    pub fn take_tcp(&self, stream: TcpStream, first: Vec<u8>) {
        let worker = first.get(2..).and_then(stun::ufrag).and_then(|ufrag| self.routing.of_ufrag(ufrag));
        if let Some(worker) = worker {
            self.threads[worker].tell(Do::Tcp(stream, first));
        }
    }

    /// Where each thread takes media.
    pub fn ports(&self) -> Vec<SocketAddr> {
        self.threads.iter().map(|thread| thread.address).collect()
    }

    /// What it counts.
    pub fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }

    /// For tests: a peer's next work panics.
    #[doc(hidden)]
    pub fn make_panic(&self, peer: PeerId) {
        if let Some(worker) = self.routing.of_peer(peer) {
            self.threads[worker].tell(Do::Panic(peer));
        }
    }
}
