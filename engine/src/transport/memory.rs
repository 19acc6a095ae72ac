//! A server in memory, for tests: what one sends, all others hear, each speaker on a line of its own.
//!
//! It loses, delays and mixes up packets as its seed says, in whatever time its user lives in.

use super::{Candidate, End, Event, Incoming, Link, Network, Outgoing, Path, Traffic, Transport, TransportError};
use std::{
    collections::{BTreeMap, VecDeque},
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// What a network does to packets.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weather {
    /// The part that is lost, 0 to 1.
    pub loss: f32,
    /// What each packet takes.
    pub delay: Duration,
    /// What it may take longer, evenly spread.
    pub jitter: Duration,
}

#[derive(Debug)]
struct Room {
    weather: Weather,
    seed: u64,
    next: usize,
    /// By number of the listener; packets by arrival, and by a count that keeps their order.
    listeners: BTreeMap<usize, Listener>,
    count: u64,
}

#[derive(Debug, Default)]
struct Listener {
    arriving: BTreeMap<(Instant, u64), Incoming>,
    events: VecDeque<Event>,
    traffic: Traffic,
}

/// A room that transports meet in. Clones are the same room.
#[derive(Clone, Debug)]
pub struct Memory {
    room: Arc<Mutex<Room>>,
}

impl Memory {
    /// A room with weather.
    pub fn new(weather: Weather, seed: u64) -> Self {
        Self { room: Arc::new(Mutex::new(Room { weather, seed: seed.max(1), next: 0, listeners: BTreeMap::new(), count: 0 })) }
    }

    /// The line on which the others hear the one who came at `index`, from 0.
    pub fn line(index: usize) -> String {
        format!("from{index}")
    }

    /// Changes the weather.
    pub fn set_weather(&self, weather: Weather) {
        self.lock().weather = weather;
    }

    /// Tells all that media flows, or does not.
    pub fn set_link(&self, link: Link) {
        for listener in self.lock().listeners.values_mut() {
            listener.events.push_back(Event::Link(link));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    /// From 0 to 1 (xorshift64*, Vigna 2016).
    fn random(&mut self) -> f32 {
        self.seed ^= self.seed >> 12;
        self.seed ^= self.seed << 25;
        self.seed ^= self.seed >> 27;
        (self.seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40) as f32 / (1u64 << 24) as f32
    }
}

impl Network for Memory {
    fn connect(&mut self) -> Result<Box<dyn Transport>, TransportError> {
        let mut room = self.lock();
        let index = room.next;
        room.next += 1;
        room.listeners.insert(index, Listener::default());
        drop(room);
        Ok(Box::new(MemoryTransport { index, all: self.clone(), closed: false }))
    }
}

#[derive(Debug)]
struct MemoryTransport {
    index: usize,
    all: Memory,
    closed: bool,
}

impl MemoryTransport {
    fn with<T>(&self, what: impl FnOnce(&mut Listener) -> T) -> Option<T> {
        self.all.lock().listeners.get_mut(&self.index).map(what)
    }
}

impl Transport for MemoryTransport {
    fn answer(&mut self, _: Instant, offer: &str, _: &[Arc<str>]) -> Result<String, TransportError> {
        if self.closed {
            return Err(TransportError::Closed);
        }
        self.with(|listener| listener.events.push_back(Event::Link(Link::Up)));
        Ok(offer.to_owned())
    }

    fn send(&mut self, now: Instant, packet: Outgoing) -> Result<(), TransportError> {
        if self.closed {
            return Err(TransportError::Closed);
        }
        let mid: Arc<str> = Memory::line(self.index).into();
        let payload: Arc<[u8]> = packet.payload.into();
        let mut room = self.all.lock();
        let listeners: Vec<usize> = room.listeners.keys().copied().filter(|listener| *listener != self.index).collect();
        for listener in listeners {
            let (lost, late) = (room.random() < room.weather.loss, room.random());
            if lost {
                continue;
            }
            let at = now + room.weather.delay + room.weather.jitter.mul_f32(late);
            room.count += 1;
            let key = (at, room.count);
            let incoming = Incoming {
                mid: mid.clone(),
                codec: packet.codec,
                sequence: packet.sequence as u16,
                timestamp: packet.timestamp,
                marker: packet.marker,
                at,
                payload: payload.clone(),
            };
            if let Some(listener) = room.listeners.get_mut(&listener) {
                listener.arriving.insert(key, incoming);
            }
        }
        if let Some(own) = room.listeners.get_mut(&self.index) {
            own.traffic.sent += payload.len() as u64;
        }
        Ok(())
    }

    fn poll(&mut self, now: Instant) -> Option<Event> {
        self.with(|listener| {
            if let Some(event) = listener.events.pop_front() {
                return Some(event);
            }
            let entry = listener.arriving.first_entry().filter(|entry| entry.key().0 <= now)?;
            let packet = entry.remove();
            listener.traffic.received += packet.payload.len() as u64;
            Some(Event::Packet(packet))
        })
        .flatten()
    }

    fn want_keyframe(&mut self, _: Instant, mid: &str) {
        let sender = mid.strip_prefix("from").and_then(|index| index.parse::<usize>().ok());
        let mut room = self.all.lock();
        if let Some(sender) = sender.and_then(|sender| room.listeners.get_mut(&sender)) {
            // All that it sends goes to all lines alike; which one it knows by its own name.
            sender.events.push_back(Event::KeyframeWanted { mid: mid.into() });
        }
    }

    fn traffic(&self) -> Traffic {
        self.with(|listener| listener.traffic).unwrap_or_default()
    }

    fn path(&self) -> Option<Path> {
        let here = End::new(Candidate::Host, Ipv4Addr::LOCALHOST.into());
        (!self.closed).then_some(Path { local: here, remote: here })
    }

    fn close(&mut self) {
        self.closed = true;
        self.all.lock().listeners.remove(&self.index);
    }
}

impl Drop for MemoryTransport {
    fn drop(&mut self) {
        self.close();
    }
}
