//! A media server, and those who are connected to it by a transport and nothing else.

use snug_engine::transport::{Codec, Event, Incoming, Link, Outgoing, Stack, Transport, TransportError};
use snug_protocol::{
    ChannelId, UserId,
    voice::{OpusSettings, TrackKind, VoiceTake, VoiceTrack},
};
use snug_redundancy::payload::unpack;
use snug_server::sfu::{self, May, PeerId, Sfu};
use std::{
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    time::{Duration, Instant},
};

/// Whatever is waited for on one machine is there sooner.
const PATIENCE: Duration = Duration::from_secs(15);
const EVERYTHING: May = May { speak: true, listen: true, share: true };

/// Somebody in the room.
pub(crate) struct Peer {
    pub(crate) id: PeerId,
    pub(crate) transport: Box<dyn Transport>,
    pub(crate) offers: Vec<String>,
    pub(crate) takes: Vec<VoiceTake>,
    pub(crate) tracks: Vec<VoiceTrack>,
    pub(crate) packets: Vec<Incoming>,
    pub(crate) link: Option<Link>,
    pub(crate) keyframes_wanted: Vec<Arc<str>>,
    pub(crate) loss: Option<f32>,
    pub(crate) gone: Option<&'static str>,
    sequence: u64,
}

pub(crate) struct Stage {
    pub(crate) sfu: Option<Sfu>,
    events: Receiver<sfu::Event>,
    pub(crate) peers: Vec<Peer>,
}

impl Stage {
    /// A room with one of each of these in it, all connected.
    pub(crate) fn with(stacks: &[Stack]) -> Self {
        let mut stage = Self::empty();
        for stack in stacks {
            stage.join(*stack);
        }
        stage.wait("all are connected, and have a line for each other", |stage| {
            let others = stage.peers.len() - 1;
            stage.peers.iter().all(|peer| peer.link == Some(Link::Up) && peer.tracks.len() >= others)
        });
        stage
    }

    pub(crate) fn empty() -> Self {
        let (told, events) = mpsc::channel();
        let config = sfu::Config { listen: [127, 0, 0, 1].into(), public: vec![[127, 0, 0, 1].into()], ..sfu::Config::default() };
        // Whoever listens may be gone at the end of a test.
        let sfu = Sfu::start(&config, move |event| drop(told.send(event))).unwrap();
        Self { sfu: Some(sfu), events, peers: Vec::new() }
    }

    pub(crate) fn join(&mut self, stack: Stack) {
        let id = PeerId(self.peers.len() as u64 + 1);
        let user = UserId::new(id.0.cast_signed()).unwrap();
        self.peers.push(Peer {
            id,
            transport: stack.network().unwrap().connect().unwrap(),
            offers: Vec::new(),
            takes: Vec::new(),
            tracks: Vec::new(),
            packets: Vec::new(),
            link: None,
            keyframes_wanted: Vec::new(),
            loss: None,
            gone: None,
            sequence: 0,
        });
        self.tell(sfu::Command::Join { peer: id, room: ChannelId::new(7).unwrap(), user, may: EVERYTHING, opus: OpusSettings::DEFAULT });
    }

    pub(crate) fn tell(&self, command: sfu::Command) {
        self.sfu.as_ref().expect("the server runs").send(command);
    }

    /// Carries signals until something holds.
    pub(crate) fn wait(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
            self.step();
        }
    }

    /// Carries signals for a while.
    pub(crate) fn pass(&mut self, time: Duration) {
        let begun = Instant::now();
        self.wait("time has passed", |_| begun.elapsed() >= time);
    }

    fn step(&mut self) {
        if let Ok(event) = self.events.recv_timeout(Duration::from_millis(2)) {
            self.take(event);
        }
        let now = Instant::now();
        for peer in &mut self.peers {
            while let Some(event) = peer.transport.poll(now) {
                match event {
                    Event::Link(link) => peer.link = Some(link),
                    Event::Packet(packet) => peer.packets.push(packet),
                    Event::KeyframeWanted { mid } => peer.keyframes_wanted.push(mid),
                    Event::Feedback { loss, .. } => peer.loss = Some(loss),
                    Event::UplinkEstimate(_) => {}
                }
            }
        }
    }

    fn take(&mut self, event: sfu::Event) {
        match event {
            sfu::Event::Offer { peer, negotiation, sdp, takes, tracks } => {
                let found = self.peers.iter_mut().find(|found| found.id == peer).unwrap();
                let sends: Vec<Arc<str>> = takes.iter().map(|take| take.mid.as_str().into()).collect();
                let answer = found.transport.answer(Instant::now(), &sdp, &sends).unwrap();
                (found.takes, found.tracks) = (takes, tracks);
                found.offers.push(sdp);
                self.tell(sfu::Command::Answer { peer, negotiation, sdp: answer });
            }
            sfu::Event::Tracks(peer, tracks) => self.peers.iter_mut().find(|found| found.id == peer).unwrap().tracks = tracks,
            sfu::Event::Gone(peer, why) => self.peers.iter_mut().find(|found| found.id == peer).unwrap().gone = Some(why),
            sfu::Event::Shares(..) | sfu::Event::Speaking(..) | sfu::Event::Heard(..) | sfu::Event::Stats(..) => {}
        }
    }

    /// Lets somebody speak: a packet every 20 ms, of this loudness (RFC 6464).
    pub(crate) fn speak(&mut self, who: usize, codec: Codec, level: u8, payloads: &[Vec<u8>]) {
        for payload in payloads {
            self.peers[who].send(TrackKind::Microphone, codec, Some(level), payload.clone()).unwrap();
            self.pass(Duration::from_millis(20));
        }
    }
}

impl Peer {
    /// On which m-line it is to send this.
    pub(crate) fn line(&self, kind: TrackKind) -> Arc<str> {
        self.takes.iter().find(|take| take.kind == kind).unwrap().mid.as_str().into()
    }

    pub(crate) fn send(&mut self, kind: TrackKind, codec: Codec, level: Option<u8>, payload: Vec<u8>) -> Result<(), TransportError> {
        let (mid, sequence) = (self.line(kind), self.sequence);
        self.sequence += 1;
        let timestamp = sequence as u32 * 960;
        self.transport.send(Instant::now(), Outgoing { mid, codec, sequence, timestamp, marker: sequence == 0, level, payload })
    }

    /// What came from somebody, in the order of its arrival.
    pub(crate) fn heard_of(&self, who: PeerId, kind: TrackKind) -> Vec<&Incoming> {
        let from = |track: &&VoiceTrack| track.track.is_some_and(|track| track.user_id.get() == who.0.cast_signed() && track.kind == kind);
        let mids: Vec<&str> = self.tracks.iter().filter(from).map(|track| track.mid.as_str()).collect();
        self.packets.iter().filter(|packet| mids.contains(&&*packet.mid)).collect()
    }
}

/// The frame that a packet was made for, and those that came along with it, by timestamp: the media server packs them for each
/// listener by what is lost on the way to them.
pub(crate) fn frames(packet: &Incoming) -> (Vec<u8>, Vec<(u32, Vec<u8>)>) {
    match packet.codec {
        Codec::Red => {
            let (primary, copies): (Vec<_>, Vec<_>) = unpack(packet.timestamp, &packet.payload).unwrap().partition(|frame| frame.primary);
            (primary[0].payload.to_vec(), copies.iter().map(|frame| (frame.timestamp, frame.payload.to_vec())).collect())
        }
        Codec::Opus | Codec::H264 => (packet.payload.to_vec(), Vec::new()),
    }
}

/// Packets that differ.
pub(crate) fn payloads(count: u8) -> Vec<Vec<u8>> {
    (0..count).map(|number| vec![0x78, number, 1, 2, 3]).collect()
}
