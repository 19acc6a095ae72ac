//! A media server and its clients, all moved by the thread of the test.

use crate::client::{Client, Kind};
use snug_protocol::{ChannelId, UserId, voice::OpusSettings};
use snug_server::sfu::{Command, Config, Event, May, PeerId, Sfu};
use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

pub(crate) const ALL: May = May { speak: true, listen: true, share: true };
/// How long is waited for what must happen. The machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Stage {
    pub(crate) sfu: Sfu,
    events: Receiver<Event>,
    pub(crate) clients: BTreeMap<u64, Client>,
    pub(crate) speaking: Vec<UserId>,
}

pub(crate) fn user(n: u64) -> UserId {
    UserId::new(n as i64).unwrap()
}

pub(crate) fn room() -> ChannelId {
    ChannelId::new(77).unwrap()
}

impl Stage {
    pub(crate) fn new() -> Self {
        let (tell, events) = channel();
        let config = Config { public: vec![IpAddr::from([127, 0, 0, 1])], ..Config::default() };
        let sfu = Sfu::start(&config, move |event| drop(tell.send(event))).unwrap();
        Self { sfu, events, clients: BTreeMap::new(), speaking: Vec::new() }
    }

    /// A stage with so many who are connected.
    pub(crate) fn with(people: u64) -> Self {
        let mut stage = Self::new();
        (1..=people).for_each(|n| stage.join(n, Kind::Usual));
        stage.connect();
        stage
    }

    pub(crate) fn join(&mut self, n: u64, kind: Kind) {
        self.clients.insert(n, Client::new(PeerId(n), kind));
        self.sfu.send(Command::Join { peer: PeerId(n), room: room(), user: user(n), may: ALL, opus: OpusSettings::DEFAULT });
    }

    pub(crate) fn connect(&mut self) {
        let people = self.clients.len();
        self.until("all are connected", |stage| stage.clients.values().all(|c| c.rtc.is_connected() && c.tracks.len() >= (people - 1).min(5)));
    }

    pub(crate) fn client(&mut self, n: u64) -> &mut Client {
        self.clients.get_mut(&n).unwrap()
    }

    /// How many packets of somebody another one has got.
    pub(crate) fn got(&self, listener: u64, speaker: u64) -> u64 {
        self.clients[&listener].got.get(&(speaker as u8)).copied().unwrap_or_default()
    }

    pub(crate) fn forget_what_was_got(&mut self) {
        self.clients.values_mut().for_each(|client| client.got.clear());
    }

    pub(crate) fn media_address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.sfu.ports()[0].port()))
    }

    /// Moves everything until something is so.
    pub(crate) fn until(&mut self, what: &str, mut so: impl FnMut(&Self) -> bool) {
        let start = Instant::now();
        while !so(self) {
            assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
            self.step();
        }
    }

    /// Moves everything for a while: for what must not happen.
    pub(crate) fn run(&mut self, time: Duration) {
        let start = Instant::now();
        while start.elapsed() < time {
            self.step();
        }
    }

    fn step(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            let peer = match &event {
                Event::Offer { peer, .. } => *peer,
                Event::Tracks(peer, _) | Event::Shares(peer, _) | Event::Heard(peer, _) | Event::Stats(peer, _) | Event::Gone(peer, _) => *peer,
                Event::Speaking(_, users) => {
                    self.speaking.clone_from(users);
                    continue;
                }
            };
            if let Some(client) = self.clients.get_mut(&peer.0)
                && let Some((negotiation, sdp)) = client.event(event)
            {
                self.sfu.send(Command::Answer { peer, negotiation, sdp });
            }
        }
        let now = Instant::now();
        self.clients.values_mut().for_each(|client| client.pump(now));
        thread::sleep(Duration::from_millis(1));
    }
}
