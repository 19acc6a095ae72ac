//! Voices on their way out, past str0m: see [`srtp`](crate::sfu::srtp).

use super::{Link, Peer};
use crate::sfu::{room::Forward, srtp::Header, worker::Sink};
use std::{net::SocketAddr, time::Instant};
use str0m::{
    net::{Protocol, Transmit},
    rtp::ExtensionValues,
};

/// How str0m reaches the peer.
#[derive(Debug)]
pub(super) struct Way {
    protocol: Protocol,
    source: SocketAddr,
    destination: SocketAddr,
}

/// What is sent, as this peer takes it.
pub(super) struct Voice<'a> {
    pub(super) payload_type: u8,
    pub(super) marker: bool,
    pub(super) payload: &'a [u8],
    pub(super) values: &'a ExtensionValues,
}

impl Peer {
    /// A packet of a voice, ready to be sent; nothing when str0m has to send it: the first one of a stream, on which it reports from then
    /// on, and whenever the way may be another one, which str0m alone knows.
    pub(super) fn seal(&mut self, now: Instant, forward: &Forward, voice: &Voice<'_>) -> Option<Transmit> {
        // What waits to be sent comes before.
        let (Link::Up, 0, Some(way), Some(sealer)) = (self.link, self.written, &self.way, self.keys.get()) else { return None };
        let stream = self.sending.of(forward.line).filter(|stream| stream.begun)?;
        stream.used(now);
        let mid = stream.mid;
        let loudness = voice.values.audio_level.map(|level| level.unsigned_abs().min(127));
        let level = loudness.map(|level| level | u8::from(voice.values.voice_activity == Some(true)) << 7);
        let header = Header {
            payload_type: voice.payload_type,
            marker: voice.marker,
            sequence: forward.seq,
            timestamp: forward.time,
            ssrc: *stream.ssrc,
            mid: stream.mid_number.filter(|_| !stream.known).map(|number| (number, &*mid)),
            level: stream.level_number.zip(level),
        };
        let packet = sealer.seal(&header, voice.payload)?;
        self.meter.sealed(packet.len());
        Some(Transmit { proto: way.protocol, source: way.source, destination: way.destination, contents: packet.into() })
    }

    /// Sends what str0m has to be sent, and learns from it where to.
    pub(super) fn send(&mut self, transmit: Transmit, sink: &mut impl Sink) {
        // STUN answers to wherever it was asked from; all else goes where ICE has chosen (RFC 7983, 7).
        if transmit.contents.first().is_some_and(|first| *first >= 20) {
            self.way = Some(Way { protocol: transmit.proto, source: transmit.source, destination: transmit.destination });
        }
        sink.send(transmit);
    }

    /// Something came from there. From elsewhere than what is sent goes to, the peer may be about to move.
    pub(super) fn came_from(&mut self, source: SocketAddr) {
        self.way = self.way.take().filter(|way| way.destination == source);
    }
}
