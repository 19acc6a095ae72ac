//! The peers of a thread, by where they sit, and when each is to be looked at.

use super::super::{PeerId, peer::Peer};
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    mem,
    time::{Duration, Instant},
};

/// Where a peer is kept: it stays there until it goes.
pub(super) type Seat = usize;

/// How much later than asked a peer may be looked at, so that one wake serves many: reports and keep-alives can wait for
/// the next packet, what repairs losses cannot.
const SLACK: Duration = Duration::from_millis(20);
const URGENT: Duration = Duration::from_millis(2);

#[derive(Default)]
pub(super) struct Peers {
    seats: Vec<Option<Box<Peer>>>,
    free: Vec<Seat>,
    ids: HashMap<PeerId, Seat>,
    /// A peer is in it once for the time it is planned for. Entries that no longer hold are skipped.
    plan: BinaryHeap<Reverse<(Instant, Seat)>>,
    /// Those with something to send.
    touched: Vec<Seat>,
    /// Those with something to offer.
    waiting: Vec<Seat>,
}

impl Peers {
    pub(super) fn add(&mut self, peer: Peer) -> Seat {
        let seat = self.free.pop().unwrap_or_else(|| {
            self.seats.push(None);
            self.seats.len() - 1
        });
        self.ids.insert(peer.id, seat);
        self.seats[seat] = Some(Box::new(peer));
        self.touch(seat);
        seat
    }

    pub(super) fn remove(&mut self, seat: Seat) -> Option<Box<Peer>> {
        let peer = self.seats.get_mut(seat)?.take()?;
        self.ids.remove(&peer.id);
        self.touched.retain(|of| *of != seat);
        self.waiting.retain(|of| *of != seat);
        self.free.push(seat);
        Some(peer)
    }

    pub(super) fn seat(&self, peer: PeerId) -> Option<Seat> {
        self.ids.get(&peer).copied()
    }

    pub(super) fn get(&mut self, seat: Seat) -> Option<&mut Peer> {
        self.seats.get_mut(seat)?.as_deref_mut()
    }

    pub(super) fn all(&self) -> Vec<Seat> {
        self.ids.values().copied().collect()
    }

    /// It has something to send.
    pub(super) fn touch(&mut self, seat: Seat) {
        if let Some(peer) = self.seats.get_mut(seat).and_then(|peer| peer.as_mut())
            && !mem::replace(&mut peer.dirty, true)
        {
            self.touched.push(seat);
        }
    }

    pub(super) fn touched(&mut self) -> Vec<Seat> {
        mem::take(&mut self.touched)
    }

    /// It may have something to offer.
    pub(super) fn wants_offer(&mut self, seat: Seat) {
        self.waiting.push(seat);
    }

    pub(super) fn waiting(&mut self) -> Vec<Seat> {
        mem::take(&mut self.waiting)
    }

    /// Plans to look at it when it asks for that.
    pub(super) fn plan(&mut self, seat: Seat) {
        let Some(peer) = self.seats.get_mut(seat).and_then(|peer| peer.as_mut()) else { return };
        let at = peer.deadline();
        // Deadlines mostly move on: it is looked at when the first one passes, and planned anew then.
        if peer.planned.is_none_or(|planned| at < planned) {
            peer.planned = Some(at);
            self.plan.push(Reverse((at, seat)));
        }
    }

    /// The next that is due.
    pub(super) fn due(&mut self, now: Instant) -> Option<Seat> {
        loop {
            let Reverse((at, seat)) = *self.plan.peek()?;
            if at > now {
                return None;
            }
            self.plan.pop();
            let Some(peer) = self.seats.get_mut(seat).and_then(|peer| peer.as_mut()).filter(|peer| peer.planned == Some(at)) else { continue };
            peer.planned = None;
            if peer.deadline() <= now {
                return Some(seat);
            }
            self.plan(seat);
        }
    }

    /// When the next is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let Reverse((at, seat)) = self.plan.peek()?;
        let urgent = self.seats.get(*seat).and_then(|peer| peer.as_ref()).is_some_and(|peer| peer.is_urgent());
        Some(*at + if urgent { URGENT } else { SLACK })
    }
}
