//! A packet on its way through the server.

use super::Peer;
use crate::sfu::room::Payload;
use snug_protocol::voice::TrackKind;
use snug_redundancy::payload;
use std::sync::{Arc, OnceLock};
use str0m::{media::Pt, rtp::RtpPacket};

/// A packet to be passed on.
pub(in crate::sfu) struct Media {
    pub(in crate::sfu) packet: RtpPacket,
    pub(super) codec: MediaCodec,
    /// For those who take no RED.
    primary: OnceLock<Option<Arc<[u8]>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaCodec {
    Opus,
    Red,
    H264,
}

/// Payload types that have been agreed on with a peer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Codecs {
    pub(super) opus: Option<Pt>,
    pub(super) red: Option<Pt>,
    pub(super) h264: Option<Pt>,
}

impl Media {
    pub(super) fn new(packet: RtpPacket, codec: MediaCodec) -> Self {
        Self { packet, codec, primary: OnceLock::new() }
    }

    /// What it carries, as a room looks at it.
    pub(in crate::sfu) fn payload(&self) -> Payload<'_> {
        let bytes = &self.packet.payload;
        match self.codec {
            MediaCodec::Opus => Payload::Opus(*self.packet.header.payload_type, bytes),
            MediaCodec::Red => Payload::Red(bytes),
            MediaCodec::H264 => Payload::Picture,
        }
    }

    /// What a peer is sent: `packed` in its place, if it takes that; nothing if it can decode none of it.
    pub(super) fn payload_for<'a>(&'a self, codecs: Codecs, packed: Option<&'a Arc<[u8]>>) -> Option<(Pt, &'a Arc<[u8]>)> {
        let payload = &self.packet.payload;
        let packed = packed.and_then(|packed| codecs.red.map(|red| (red, packed)));
        match self.codec {
            MediaCodec::Opus | MediaCodec::Red if packed.is_some() => packed,
            MediaCodec::Opus => codecs.opus.map(|pt| (pt, payload)),
            MediaCodec::H264 => codecs.h264.map(|pt| (pt, payload)),
            MediaCodec::Red => match (codecs.red, codecs.opus) {
                (Some(red), _) => Some((red, payload)),
                (None, Some(opus)) => self.primary().map(|primary| (opus, primary)),
                (None, None) => None,
            },
        }
    }

    /// The frame by itself, out of redundant audio; nothing when that makes no sense.
    fn primary(&self) -> Option<&Arc<[u8]>> {
        let cut = || payload::primary(&self.packet.payload).ok().map(|range| Arc::from(&self.packet.payload[range]));
        self.primary.get_or_init(cut).as_ref()
    }
}

impl Peer {
    /// What a packet is, by the m-line of its stream; nothing when it is on none that the peer is to send on.
    pub(super) fn recognize(&mut self, packet: RtpPacket) -> Option<(TrackKind, Media)> {
        let ssrc = packet.header.ssrc;
        let kind = match self.streams.iter().find(|(of, _)| *of == ssrc) {
            Some((_, kind)) => *kind,
            None => {
                let mid = self.rtc.direct_api().stream_rx(&ssrc)?.mid();
                let kind = self.negotiator.lines().takes.iter().find(|(of, _)| *of == mid)?.1;
                // A sender has a few streams. One that makes up more is looked up each time.
                if self.streams.len() < 16 {
                    self.streams.push((ssrc, kind));
                }
                kind
            }
        };
        let pt = Some(packet.header.payload_type);
        let codec = match kind {
            TrackKind::Microphone | TrackKind::ScreenSound if pt == self.codecs.opus => MediaCodec::Opus,
            TrackKind::Microphone | TrackKind::ScreenSound if pt == self.codecs.red => MediaCodec::Red,
            TrackKind::Camera | TrackKind::Screen if pt == self.codecs.h264 => MediaCodec::H264,
            TrackKind::Microphone | TrackKind::ScreenSound | TrackKind::Camera | TrackKind::Screen => return None,
        };
        Some((kind, Media::new(packet, codec)))
    }
}
