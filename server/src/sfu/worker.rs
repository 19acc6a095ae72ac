//! The rooms and peers of one thread: whose a datagram is, what comes of it, and what is due. Without a socket.

mod peers;

use super::{
    Command, Event, Gone, PeerId,
    counters::{Counters, Dropped},
    peer::{Happened, Peer, STATS, Shared},
    room::{Output, Packet, Passed, Room},
    routing::Routing,
    stun,
};
use peers::{Peers, Seat};
use snug_protocol::{ChannelId, voice::OpusSettings};
use std::{
    collections::{BTreeSet, HashMap},
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};
use str0m::net::{Protocol, Receive, Transmit};

/// How soon rooms are looked at after something has come for them: a tenth of the shortest time that they measure.
const ROOMS: Duration = Duration::from_millis(25);
/// How much later that may be, so that the next packet brings it about.
const ROOMS_SLACK: Duration = Duration::from_millis(15);
/// At most so many addresses of a peer are known, the latest.
const SOURCES: usize = 8;

/// Where datagrams go.
pub(crate) trait Sink {
    /// Sends one, now or when the batch ends.
    fn send(&mut self, transmit: Transmit);
    /// A peer that was there has gone.
    fn forget(&mut self, protocol: Protocol, source: SocketAddr);
}

/// A datagram, or a frame of a TCP connection.
#[derive(Clone, Copy)]
pub(crate) struct Datagram<'a> {
    pub(crate) protocol: Protocol,
    pub(crate) source: SocketAddr,
    /// The candidate at which it arrived.
    pub(crate) local: SocketAddr,
    pub(crate) bytes: &'a [u8],
}

/// What a thread does.
pub(crate) struct Worker {
    number: usize,
    shared: Shared,
    routing: Arc<Routing>,
    events: Arc<dyn Fn(Event) + Send + Sync>,
    peers: Peers,
    rooms: HashMap<ChannelId, Hall>,
    /// By what ICE says.
    ufrags: HashMap<String, Seat>,
    /// By where it was said from.
    sources: HashMap<(Protocol, SocketAddr), Seat>,
    rooms_at: Option<Instant>,
    // Kept for their memory.
    passed: Passed,
    happened: Vec<Happened>,
}

/// A room, and what the thread keeps of it.
struct Hall {
    room: Room,
    opus: OpusSettings,
    /// Who wants to know how all are connected.
    asked: BTreeSet<PeerId>,
    stats_at: Instant,
}

impl Worker {
    pub(crate) fn new(number: usize, shared: Shared, routing: Arc<Routing>, events: Arc<dyn Fn(Event) + Send + Sync>) -> Self {
        Self {
            number,
            shared,
            routing,
            events,
            peers: Peers::default(),
            rooms: HashMap::new(),
            ufrags: HashMap::new(),
            sources: HashMap::new(),
            rooms_at: None,
            passed: Passed::default(),
            happened: Vec::new(),
        }
    }

    /// Does as it is told. [`Self::settle`] must follow.
    pub(crate) fn command(&mut self, now: Instant, command: Command, sink: &mut impl Sink) {
        self.rooms_soon(now);
        match command {
            Command::Join { peer, room, user, may, opus } => {
                if self.peers.seat(peer).is_some() {
                    return;
                }
                match catch_unwind(AssertUnwindSafe(|| Peer::new(now, peer, user, room, opus, &self.shared))) {
                    Ok(Ok(new)) => {
                        let ufrag = new.ufrags[0].clone();
                        let seat = self.peers.add(new);
                        self.routing.found(&ufrag, self.number);
                        self.ufrags.insert(ufrag, seat);
                        self.shared.counters.peers.fetch_add(1, Relaxed);
                        let hall = self.rooms.entry(room).or_insert_with(|| {
                            self.shared.counters.rooms.fetch_add(1, Relaxed);
                            Hall { room: Room::default(), opus, asked: BTreeSet::new(), stats_at: now + STATS }
                        });
                        hall.room.join(now, peer, user, may, seat);
                        self.set_opus(room, opus);
                    }
                    Ok(Err(_)) | Err(_) => {
                        self.routing.remove(peer);
                        (self.events)(Event::Gone(peer, Gone::Broken.reason()));
                    }
                }
            }
            Command::Leave(peer) => {
                if let Some(seat) = self.peers.seat(peer) {
                    self.remove(now, seat, sink);
                }
            }
            Command::Allow(peer, may) => self.in_room(peer, |room| room.allow(now, peer, may)),
            Command::Opus(room, opus) => self.set_opus(room, opus),
            Command::Answer { peer, negotiation, sdp } => self.answer(now, peer, negotiation, &sdp, sink),
            Command::Publish(peer, kind) => self.in_room(peer, |room| room.publish(peer, kind)),
            Command::Unpublish(peer, kind) => self.in_room(peer, |room| room.unpublish(now, peer, kind)),
            Command::Watch(peer, track) => self.in_room(peer, |room| room.watch(now, peer, track)),
            Command::Unwatch(peer, track) => self.in_room(peer, |room| room.unwatch(now, peer, track)),
            Command::Restart(peer) => {
                if let Some(seat) = self.peers.seat(peer) {
                    self.work(now, seat, sink, |peer, _, _| {
                        peer.restart();
                        Ok(())
                    });
                    self.offer(now, seat, sink);
                }
            }
            Command::Stats(peer, wanted) => {
                let room = self.peers.seat(peer).and_then(|seat| self.peers.get(seat)).map(|peer| peer.room);
                if let Some(hall) = room.and_then(|room| self.rooms.get_mut(&room)) {
                    if wanted {
                        hall.asked.insert(peer)
                    } else {
                        hall.asked.remove(&peer)
                    };
                }
            }
        }
    }

    /// A datagram has come. [`Self::settle`] must follow, at the end of the batch.
    pub(crate) fn datagram(&mut self, now: Instant, datagram: Datagram<'_>, sink: &mut impl Sink) {
        let counters = self.shared.counters.clone();
        counters.received.fetch_add(1, Relaxed);
        let source = (datagram.protocol, datagram.source);
        let stun = stun::is_stun(datagram.bytes);
        let named = if stun { stun::ufrag(datagram.bytes).and_then(|ufrag| self.ufrags.get(ufrag)) } else { None };
        let Some(seat) = named.or_else(|| self.sources.get(&source)).copied() else {
            return counters.count_drop(Dropped::Stranger);
        };
        // Nobody goes for what a stranger may have sent in their name.
        let parse = || Receive::new(datagram.protocol, datagram.source, datagram.local, datagram.bytes);
        let Ok(Ok(receive)) = catch_unwind(parse) else {
            return counters.count_drop(Dropped::Malformed);
        };
        let accepted = self.work(now, seat, sink, |peer, sink, happened| {
            let accepted = peer.receive(now, receive)?;
            if accepted {
                peer.drain(now, sink, happened, &counters)?;
            }
            Ok(accepted)
        });
        match accepted {
            None => {}
            Some(false) => counters.count_drop(Dropped::Refused),
            Some(true) => {
                if stun {
                    self.heard_from(seat, source);
                }
                self.happened(now, seat, sink);
                self.peers.plan(seat);
            }
        }
    }

    /// Time has passed: whatever is due is done. [`Self::settle`] must follow.
    pub(crate) fn expire(&mut self, now: Instant, sink: &mut impl Sink) {
        while let Some(seat) = self.peers.due(now) {
            let overdue = self.work(now, seat, sink, |peer, _, _| peer.overdue(now));
            if overdue.is_some() {
                self.peers.touch(seat);
            }
        }
        if self.rooms_at.is_some_and(|at| at <= now) {
            self.look_at_rooms(now);
        }
    }

    /// The end of a batch: tells what has come up, and sends what has been written.
    pub(crate) fn settle(&mut self, now: Instant, sink: &mut impl Sink) {
        let counters = self.shared.counters.clone();
        loop {
            self.tell(now, sink);
            let touched = self.peers.touched();
            if touched.is_empty() {
                break;
            }
            for seat in touched {
                self.work(now, seat, sink, |peer, sink, happened| peer.flush(now, sink, happened, &counters));
                self.happened(now, seat, sink);
                self.peers.plan(seat);
            }
        }
        #[cfg(debug_assertions)]
        self.rooms.values().for_each(|hall| hall.room.verify_invariants());
    }

    /// Whether a peer has shown that this address is its.
    pub(crate) fn knows(&self, protocol: Protocol, source: SocketAddr) -> bool {
        self.sources.contains_key(&(protocol, source))
    }

    /// What it counts into.
    pub(crate) fn counters(&self) -> Arc<Counters> {
        self.shared.counters.clone()
    }

    /// When [`Self::expire`] is due.
    pub(crate) fn deadline(&mut self) -> Option<Instant> {
        [self.peers.deadline(), self.rooms_at.map(|at| at + ROOMS_SLACK)].into_iter().flatten().min()
    }

    /// For tests: a peer's next work panics.
    pub(crate) fn make_panic(&mut self, peer: PeerId) {
        if let Some(peer) = self.peers.seat(peer).and_then(|seat| self.peers.get(seat)) {
            peer.panics = true;
        }
    }

    /// Everybody goes: something outside the fences has panicked, and what is left cannot be trusted.
    pub(crate) fn collapse(&mut self, now: Instant, sink: &mut impl Sink) {
        for seat in self.peers.all() {
            let gone = self.peers.get(seat).map(|peer| peer.id);
            self.remove(now, seat, sink);
            gone.into_iter().for_each(|peer| (self.events)(Event::Gone(peer, Gone::Panicked.reason())));
        }
        self.rooms.clear();
        self.shared.counters.rooms.store(0, Relaxed);
    }

    /// A peer's work, behind a fence: if it fails or panics, that peer goes, and no other.
    fn work<S: Sink, T>(
        &mut self,
        now: Instant,
        seat: Seat,
        sink: &mut S,
        work: impl FnOnce(&mut Peer, &mut S, &mut Vec<Happened>) -> Result<T, Gone>,
    ) -> Option<T> {
        let peer = self.peers.get(seat)?;
        let why = match catch_unwind(AssertUnwindSafe(|| work(peer, sink, &mut self.happened))) {
            Ok(Ok(done)) => return Some(done),
            Ok(Err(why)) => why,
            Err(_) => {
                self.shared.counters.panics.fetch_add(1, Relaxed);
                Gone::Panicked
            }
        };
        let id = peer.id;
        tracing::info!(peer = id.0, why = why.reason(), "a peer of the media server is gone");
        self.remove(now, seat, sink);
        (self.events)(Event::Gone(id, why.reason()));
        None
    }

    fn remove(&mut self, now: Instant, seat: Seat, sink: &mut impl Sink) {
        let Some(peer) = self.peers.remove(seat) else { return };
        self.routing.remove(peer.id);
        for ufrag in &peer.ufrags {
            self.ufrags.remove(ufrag);
            self.routing.lost(ufrag);
        }
        for source in &peer.sources {
            if self.sources.get(source) == Some(&seat) {
                self.sources.remove(source);
                sink.forget(source.0, source.1);
            }
        }
        if let Some(hall) = self.rooms.get_mut(&peer.room) {
            hall.room.leave(now, peer.id);
            hall.asked.remove(&peer.id);
            if hall.room.is_empty() {
                self.rooms.remove(&peer.room);
                self.shared.counters.rooms.fetch_sub(1, Relaxed);
            }
        }
        self.shared.counters.peers.fetch_sub(1, Relaxed);
        self.happened.clear();
        self.rooms_soon(now);
        // What it left behind may be broken, and is of no use to anyone.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(peer)));
    }

    /// A peer has sent a request with its password from there.
    fn heard_from(&mut self, seat: Seat, source: (Protocol, SocketAddr)) {
        if self.sources.get(&source) == Some(&seat) {
            return;
        }
        let Some(peer) = self.peers.get(seat) else { return };
        peer.sources.push(source);
        if peer.sources.len() > SOURCES {
            let old = peer.sources.remove(0);
            self.sources.remove(&old);
        }
        self.sources.insert(source, seat);
    }

    fn in_room(&mut self, peer: PeerId, change: impl FnOnce(&mut Room)) {
        let room = self.peers.seat(peer).and_then(|seat| self.peers.get(seat)).map(|peer| peer.room);
        if let Some(hall) = room.and_then(|room| self.rooms.get_mut(&room)) {
            change(&mut hall.room);
        }
    }

    fn set_opus(&mut self, room: ChannelId, opus: OpusSettings) {
        let Some(hall) = self.rooms.get_mut(&room) else { return };
        if hall.opus != opus {
            hall.opus = opus;
            for (_, _, seat) in hall.room.seats() {
                if let Some(peer) = self.peers.get(seat) {
                    peer.set_opus(opus);
                    self.peers.wants_offer(seat);
                }
            }
        }
    }

    fn answer(&mut self, now: Instant, peer: PeerId, number: u32, sdp: &str, sink: &mut impl Sink) {
        let Some(seat) = self.peers.seat(peer) else { return };
        let answered = self.work(now, seat, sink, |peer, _, _| {
            let waited = peer.answer(now, number, sdp)?;
            Ok(waited.then(|| (peer.ufrag(), peer.agreed(), peer.copies(now), peer.room)))
        });
        let Some(Some((ufrag, (slots, pictures, sounds, takes), copies, room))) = answered else { return };
        if let Some(peer) = self.peers.get(seat) {
            for old in peer.ufrags.extract_if(.., |of| *of != ufrag) {
                self.ufrags.remove(&old);
                self.routing.lost(&old);
            }
            if peer.ufrags.is_empty() {
                peer.ufrags.push(ufrag.clone());
                self.ufrags.insert(ufrag.clone(), seat);
                self.routing.found(&ufrag, self.number);
            }
        }
        if let Some(hall) = self.rooms.get_mut(&room) {
            hall.room.has_lines(now, peer, slots, pictures, sounds);
            hall.room.takes(now, peer, &takes);
            hall.room.needs(peer, copies);
        }
        self.peers.touch(seat);
        self.offer(now, seat, sink);
    }

    fn offer(&mut self, now: Instant, seat: Seat, sink: &mut impl Sink) {
        let Some(peer) = self.peers.get(seat) else { return };
        let Some(hall) = self.rooms.get(&peer.room) else { return };
        let (id, room) = (peer.id, &hall.room);
        let tracks = room.tracks(id);
        let offered = self.work(now, seat, sink, |peer, _, _| Ok((peer.offer(now, || tracks.clone())?, peer.ufrags.clone())));
        if let Some((Some(offer), ufrags)) = offered {
            for ufrag in ufrags {
                self.routing.found(&ufrag, self.number);
                self.ufrags.insert(ufrag, seat);
            }
            self.peers.touch(seat);
            (self.events)(offer);
        }
    }

    /// Passes on what came of a peer's work.
    fn happened(&mut self, now: Instant, seat: Seat, sink: &mut impl Sink) {
        if self.happened.is_empty() {
            return;
        }
        let mut all = std::mem::take(&mut self.happened);
        let mut passed = std::mem::take(&mut self.passed);
        for happened in all.drain(..) {
            let Some(peer) = self.peers.get(seat) else { break };
            let id = peer.id;
            let Some(hall) = self.rooms.get_mut(&peer.room) else { break };
            match happened {
                Happened::Connected(connected) => hall.room.connected(now, id, connected),
                Happened::Copies(copies) => hall.room.needs(id, copies),
                Happened::Keyframe(line) => hall.room.wants_keyframe(now, id, line),
                Happened::Media(kind, media) => {
                    let header = &media.packet.header;
                    let packet = Packet {
                        ssrc: *header.ssrc,
                        seq: *media.packet.seq_no,
                        time: header.timestamp,
                        level: header.ext_vals.audio_level,
                        payload: media.payload(),
                    };
                    passed.clear();
                    match kind {
                        snug_protocol::voice::TrackKind::Microphone => hall.room.voice(now, id, &packet, &mut passed),
                        kind => hall.room.share(now, id, kind, &packet, &mut passed.forwards),
                    }
                    self.shared.counters.forwarded.fetch_add(passed.forwards.len() as u64, Relaxed);
                    let counters = self.shared.counters.clone();
                    for forward in &passed.forwards {
                        let waits = self.work(now, forward.seat, sink, |peer, sink, _| {
                            Ok(peer.write(now, forward, &media, passed.payload(forward), sink, &counters))
                        });
                        if waits == Some(true) {
                            self.peers.touch(forward.seat);
                        }
                    }
                }
            }
            self.rooms_soon(now);
        }
        (self.happened, self.passed) = (all, passed);
    }

    fn rooms_soon(&mut self, now: Instant) {
        let soon = now + ROOMS;
        if self.rooms_at.is_none_or(|at| at > soon) {
            self.rooms_at = Some(soon);
        }
    }

    fn look_at_rooms(&mut self, now: Instant) {
        let mut next: Option<Instant> = None;
        for hall in self.rooms.values_mut() {
            if hall.room.deadline().is_some_and(|at| at <= now) {
                hall.room.tick(now);
            }
            if !hall.asked.is_empty() && hall.stats_at <= now {
                hall.stats_at = now + STATS;
                let mut stats: Vec<_> = hall.room.seats().filter_map(|(_, _, seat)| self.peers.get(seat).map(|peer| peer.measured())).collect();
                stats.sort_by_key(|stats| stats.user_id);
                hall.asked.iter().for_each(|peer| (self.events)(Event::Stats(*peer, stats.clone())));
            }
            let stats_at = (!hall.asked.is_empty()).then_some(hall.stats_at);
            next = [next, hall.room.deadline(), stats_at].into_iter().flatten().min();
        }
        self.rooms_at = next;
    }

    /// Tells what has come up in the rooms.
    fn tell(&mut self, now: Instant, sink: &mut impl Sink) {
        let mut offers = self.peers.waiting();
        for (channel, hall) in &mut self.rooms {
            for output in hall.room.outputs() {
                match output {
                    Output::Tracks(peer) => {
                        let tracks = hall.room.tracks(peer);
                        let tracks = self.peers.seat(peer).and_then(|seat| self.peers.get(seat)).map(|peer| peer.tracks(&tracks));
                        tracks.into_iter().for_each(|tracks| (self.events)(Event::Tracks(peer, tracks)));
                    }
                    Output::Shares(peer, kinds) => (self.events)(Event::Shares(peer, kinds)),
                    Output::Speaking(users) => (self.events)(Event::Speaking(*channel, users)),
                    Output::Heard(peer, heard) => (self.events)(Event::Heard(peer, heard)),
                    Output::Keyframe(peer, kind) => {
                        if let Some(seat) = self.peers.seat(peer)
                            && let Some(peer) = self.peers.get(seat)
                        {
                            peer.ask_keyframe(kind);
                            self.peers.touch(seat);
                        }
                    }
                    Output::Wants(peer) => {
                        if let Some(seat) = self.peers.seat(peer)
                            && let Some(of) = self.peers.get(seat)
                        {
                            of.want(hall.room.wants(peer));
                            offers.push(seat);
                        }
                    }
                }
            }
        }
        for seat in offers {
            self.offer(now, seat, sink);
        }
    }
}
