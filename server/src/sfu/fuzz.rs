//! For `server/fuzz`: a worker without a thread, and with one peer.

use super::{
    Command, Counters, Event, May, PeerId, Routing, Shared, Worker, srtp,
    worker::{Datagram, Sink},
};
use snug_protocol::{
    ChannelId, UserId,
    voice::{OpusSettings, TrackKind},
};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use str0m::net::{Protocol, Transmit};

/// A worker, and what came of what it was given.
pub struct Harness {
    worker: Worker,
    events: Arc<Mutex<Vec<Event>>>,
    sent: Sent,
    now: Instant,
    counters: Arc<Counters>,
    /// Where the worker is.
    pub local: SocketAddr,
}

#[derive(Default)]
struct Sent(Vec<(SocketAddr, Vec<u8>)>);

impl Sink for Sent {
    fn send(&mut self, transmit: Transmit) {
        self.0.push((transmit.destination, transmit.contents.to_vec()));
    }

    fn forget(&mut self, _protocol: Protocol, _source: SocketAddr) {}
}

/// The peer that is there.
pub const PEER: PeerId = PeerId(1);

impl Harness {
    /// A worker with one peer that has an offer, and one more in the room.
    pub fn new(now: Instant) -> Self {
        let local = SocketAddr::from(([127, 0, 0, 1], 7070));
        let (counters, routing) = (Arc::new(Counters::default()), Arc::new(Routing::new(1)));
        let shared = Shared { crypto: Arc::new(srtp::provider()), candidates: vec![local], egress_bps: 1_000_000, counters: counters.clone() };
        let events = Arc::new(Mutex::new(Vec::new()));
        let told = events.clone();
        let tell = move |event| told.lock().unwrap_or_else(PoisonError::into_inner).push(event);
        let worker = Worker::new(0, shared, routing, Arc::new(tell));
        let mut harness = Self { worker, events, sent: Sent::default(), now, counters, local };
        for n in 1..=2 {
            let (Some(user), Some(room)) = (UserId::new(n), ChannelId::new(1)) else { continue };
            let may = May { speak: true, listen: true, share: true };
            harness.command(Command::Join { peer: PeerId(n as u64), room, user, may, opus: OpusSettings::DEFAULT });
        }
        harness.command(Command::Publish(PEER, TrackKind::Screen));
        harness
    }

    /// Does something.
    pub fn command(&mut self, command: Command) {
        self.worker.command(self.now, command, &mut self.sent);
        self.worker.settle(self.now, &mut self.sent);
    }

    /// A datagram, or a frame over TCP, comes.
    pub fn datagram(&mut self, tcp: bool, source: SocketAddr, bytes: &[u8]) {
        let protocol = if tcp { Protocol::Tcp } else { Protocol::Udp };
        self.worker.datagram(self.now, Datagram { protocol, source, local: self.local, bytes }, &mut self.sent);
        self.worker.settle(self.now, &mut self.sent);
    }

    /// Time passes.
    pub fn pass(&mut self, time: Duration) {
        self.now += time;
        self.worker.expire(self.now, &mut self.sent);
        self.worker.settle(self.now, &mut self.sent);
    }

    /// What it is now.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// What has been told since the last time.
    pub fn events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What has been sent since the last time, and to whom.
    pub fn sent(&mut self) -> Vec<(SocketAddr, Vec<u8>)> {
        std::mem::take(&mut self.sent.0)
    }

    /// What has been counted.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }
}
