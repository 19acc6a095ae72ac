//! Which thread has whom.

use super::PeerId;
use snug_protocol::ChannelId;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Known to all threads, and asked by those who tell them what to do.
#[derive(Debug)]
pub(crate) struct Routing(Mutex<Routes>);

#[derive(Debug, Default)]
struct Routes {
    rooms: HashMap<ChannelId, Pinned>,
    peers: HashMap<PeerId, (usize, ChannelId)>,
    /// How many peers each thread has.
    load: Vec<usize>,
    ufrags: HashMap<String, usize>,
}

/// A room stays with its thread for as long as somebody is in it.
#[derive(Debug)]
struct Pinned {
    worker: usize,
    peers: usize,
}

impl Routing {
    pub(crate) fn new(workers: usize) -> Self {
        Self(Mutex::new(Routes { load: vec![0; workers], ..Routes::default() }))
    }

    /// Somebody comes: to the thread that has the room, or to the one that has the fewest peers.
    pub(crate) fn add(&self, peer: PeerId, room: ChannelId) -> Option<usize> {
        let mut routes = self.routes();
        if routes.peers.contains_key(&peer) {
            return None;
        }
        let idle = (0..routes.load.len()).min_by_key(|worker| routes.load[*worker])?;
        let pinned = routes.rooms.entry(room).or_insert(Pinned { worker: idle, peers: 0 });
        pinned.peers += 1;
        let worker = pinned.worker;
        routes.load[worker] += 1;
        routes.peers.insert(peer, (worker, room));
        Some(worker)
    }

    /// Somebody has gone.
    pub(crate) fn remove(&self, peer: PeerId) -> Option<usize> {
        let mut routes = self.routes();
        let (worker, room) = routes.peers.remove(&peer)?;
        routes.load[worker] -= 1;
        if let Some(pinned) = routes.rooms.get_mut(&room) {
            pinned.peers -= 1;
            if pinned.peers == 0 {
                routes.rooms.remove(&room);
            }
        }
        Some(worker)
    }

    pub(crate) fn of_peer(&self, peer: PeerId) -> Option<usize> {
        self.routes().peers.get(&peer).map(|(worker, _)| *worker)
    }

    pub(crate) fn of_room(&self, room: ChannelId) -> Option<usize> {
        self.routes().rooms.get(&room).map(|pinned| pinned.worker)
    }

    pub(crate) fn of_ufrag(&self, ufrag: &str) -> Option<usize> {
        self.routes().ufrags.get(ufrag).copied()
    }

    /// ICE names somebody so.
    pub(crate) fn found(&self, ufrag: &str, worker: usize) {
        self.routes().ufrags.insert(ufrag.to_owned(), worker);
    }

    /// And no more.
    pub(crate) fn lost(&self, ufrag: &str) {
        self.routes().ufrags.remove(ufrag);
    }

    fn routes(&self) -> MutexGuard<'_, Routes> {
        // Each change is whole before anything can panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_stays_with_its_thread_and_a_new_one_goes_to_the_idlest() {
        let room = |n| ChannelId::new(n).unwrap();
        let routing = Routing::new(2);
        assert_eq!(routing.add(PeerId(1), room(1)), Some(0));
        assert_eq!(routing.add(PeerId(2), room(1)), Some(0));
        assert_eq!(routing.add(PeerId(3), room(2)), Some(1));
        assert_eq!(routing.add(PeerId(4), room(3)), Some(1));
        assert_eq!(routing.add(PeerId(4), room(3)), None, "never used twice");
        assert_eq!((routing.remove(PeerId(1)), routing.remove(PeerId(1))), (Some(0), None));
        assert_eq!(routing.of_room(room(1)), Some(0));
        routing.remove(PeerId(2));
        assert_eq!(routing.of_room(room(1)), None);
        assert_eq!(routing.add(PeerId(5), room(1)), Some(0));
    }
}
