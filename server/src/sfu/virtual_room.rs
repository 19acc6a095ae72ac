//! For measurements in virtual time: a room with one speaker and one listener, without a network.

use super::{
    May, PeerId,
    room::{Packet, Passed, Payload, Room},
};
use snug_protocol::UserId;
use snug_redundancy::Losses;
use std::time::{Duration, Instant};

const ALL: May = May { speak: true, listen: true, share: false };
const SPEAKER: PeerId = PeerId(1);
const LISTENER: PeerId = PeerId(2);

/// See the [module](self).
pub struct VirtualRoom {
    room: Room,
    losses: Losses,
    passed: Passed,
}

/// A packet that the listener is sent.
pub struct Sent {
    /// Of RTP.
    pub sequence: u64,
    /// Of RTP.
    pub timestamp: u32,
    /// Redundant audio.
    pub payload: Vec<u8>,
}

impl VirtualRoom {
    /// How often the media server is told what is lost, and tells.
    pub const REPORTS: Duration = super::peer::REPORTS;

    /// A room with both in it.
    pub fn new(now: Instant) -> Self {
        let mut room = Room::default();
        for (seat, peer) in [SPEAKER, LISTENER].into_iter().enumerate() {
            if let Some(user) = UserId::new(peer.0 as i64) {
                room.join(now, peer, user, ALL, seat);
                room.has_lines(now, peer, 1, 0, 0);
            }
        }
        let mut new = Self { room, losses: Losses::default(), passed: Passed::default() };
        new.room.needs(LISTENER, new.losses.copies(now));
        new
    }

    /// A packet of redundant audio has come from the speaker. Returns what is passed on of it.
    pub fn voice(&mut self, now: Instant, sequence: u64, timestamp: u32, level: Option<i8>, payload: &[u8]) -> Option<Sent> {
        self.passed.clear();
        let packet = Packet { ssrc: 1, seq: sequence, time: timestamp, level, payload: Payload::Red(payload) };
        self.room.voice(now, SPEAKER, &packet, &mut self.passed);
        let forward = self.passed.forwards.first()?;
        let payload = self.passed.payload(forward).map_or_else(|| payload.to_vec(), |packed| packed.to_vec());
        Some(Sent { sequence: forward.seq, timestamp: forward.time, payload })
    }

    /// The listener has reported what part of so many packets was lost, 0 to 1.
    pub fn report(&mut self, now: Instant, loss: f32, packets: u32) {
        self.losses.take(now, loss, packets);
        self.room.needs(LISTENER, self.losses.copies(now));
    }
}
