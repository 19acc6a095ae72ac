//! A packet from another clock.

use super::Packet;
use std::time::Instant;

/// What a packet from another clock was, until a second one shows that it was no stray.
#[derive(Debug)]
pub(super) struct Stray {
    /// Arrival less timestamp, in samples.
    pub(super) transit: i64,
    pub(super) at: Instant,
    sequence: u16,
    timestamp: u32,
    red: bool,
    payload: Vec<u8>,
}

impl Stray {
    pub(super) fn new(at: Instant, transit: i64, packet: Packet<'_>) -> Self {
        let Packet { sequence, timestamp, red, payload } = packet;
        Self { transit, at, sequence, timestamp, red, payload: payload.to_vec() }
    }

    pub(super) fn packet(&self) -> Packet<'_> {
        Packet { sequence: self.sequence, timestamp: self.timestamp, red: self.red, payload: &self.payload }
    }
}
