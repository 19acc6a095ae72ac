//! What is put into webrtc-rs' chain of interceptors: see the [module above](super).

use super::{Inside, lock};
use crate::transport::Event;
use rtc::{
    interceptor::{Interceptor, Packet, StreamInfo, TaggedPacket},
    rtcp::{
        payload_feedbacks::{full_intra_request::FullIntraRequest, picture_loss_indication::PictureLossIndication},
        receiver_report::ReceiverReport,
        reception_report::ReceptionReport,
        sender_report::SenderReport,
    },
    sansio::Protocol,
    shared::error::Error,
};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Instant,
};

/// Packets on their way through.
#[derive(Default)]
struct Belt {
    read: VecDeque<TaggedPacket>,
    write: VecDeque<TaggedPacket>,
}

/// What both have in common: writes pass, reads are looked at.
macro_rules! interceptor {
    ($name:ident, $look:ident) => {
        impl Protocol<TaggedPacket, TaggedPacket, ()> for $name {
            type Rout = TaggedPacket;
            type Wout = TaggedPacket;
            type Eout = ();
            type Error = Error;
            type Time = Instant;

            fn handle_read(&mut self, packet: TaggedPacket) -> Result<(), Error> {
                if let Some(packet) = self.$look(packet) {
                    self.belt.read.push_back(packet);
                }
                Ok(())
            }

            fn poll_read(&mut self) -> Option<TaggedPacket> {
                self.belt.read.pop_front()
            }

            fn handle_write(&mut self, packet: TaggedPacket) -> Result<(), Error> {
                self.belt.write.push_back(packet);
                Ok(())
            }

            fn poll_write(&mut self) -> Option<TaggedPacket> {
                self.belt.write.pop_front()
            }
        }
    };
}

/// Makes of a packet that is sent again (RFC 4588) the one that it was.
#[derive(Default)]
pub(super) struct Unwrap {
    belt: Belt,
    /// The stream's SSRC and payload type, by the SSRC of what is sent again.
    streams: HashMap<u32, (u32, u8)>,
}

impl Unwrap {
    fn unwrap(&mut self, mut packet: TaggedPacket) -> Option<TaggedPacket> {
        if let Packet::Rtp(rtp) = &mut packet.message.packet
            && let Some((ssrc, payload_type)) = self.streams.get(&rtp.header.ssrc)
        {
            // Without a number it is padding.
            let number = rtp.payload.get(..2).and_then(|bytes| bytes.try_into().ok()).map(u16::from_be_bytes)?;
            rtp.header.ssrc = *ssrc;
            rtp.header.payload_type = *payload_type;
            rtp.header.sequence_number = number;
            rtp.payload = rtp.payload.slice(2..);
        }
        Some(packet)
    }
}

interceptor!(Unwrap, unwrap);

impl Interceptor for Unwrap {
    fn bind_local_stream(&mut self, _: &StreamInfo) {}

    fn unbind_local_stream(&mut self, _: &StreamInfo) {}

    fn bind_remote_stream(&mut self, info: &StreamInfo) {
        if let Some(again) = info.ssrc_rtx {
            self.streams.insert(again, (info.ssrc, info.payload_type));
        }
    }

    fn unbind_remote_stream(&mut self, info: &StreamInfo) {
        if let Some(again) = info.ssrc_rtx {
            self.streams.remove(&again);
        }
    }
}

/// Takes out what is received: RTP goes no further, and of RTCP it reads what concerns us.
pub(super) struct Tap {
    belt: Belt,
    inside: Arc<Mutex<Inside>>,
}

impl Tap {
    pub(super) fn new(inside: Arc<Mutex<Inside>>) -> Self {
        Self { belt: Belt::default(), inside }
    }

    fn take(&mut self, packet: TaggedPacket) -> Option<TaggedPacket> {
        let at = packet.now;
        let mut inside = lock(&self.inside);
        match packet.message.packet {
            Packet::Rtp(rtp) => {
                inside.take(at, rtp);
                return None;
            }
            Packet::Rtcp(ref packets) => {
                inside.alive(at);
                for packet in packets {
                    let packet = packet.as_any();
                    if let Some(report) = packet.downcast_ref::<ReceiverReport>() {
                        inside.report(&report.reports);
                    } else if let Some(report) = packet.downcast_ref::<SenderReport>() {
                        inside.report(&report.reports);
                    } else if let Some(request) = packet.downcast_ref::<PictureLossIndication>() {
                        inside.want_keyframe(request.media_ssrc);
                    } else if let Some(request) = packet.downcast_ref::<FullIntraRequest>() {
                        for entry in &request.fir {
                            inside.want_keyframe(entry.ssrc);
                        }
                    }
                }
            }
            // A kind that does not exist yet.
            _ => {}
        }
        drop(inside);
        Some(packet)
    }
}

impl Inside {
    fn report(&mut self, reports: &[ReceptionReport]) {
        for report in reports {
            if let Some(mid) = self.sends.get(&report.ssrc).cloned() {
                let loss = f32::from(report.fraction_lost) / 256.0;
                let round_trip = self.round_trip;
                self.push(Event::Feedback { mid, loss, round_trip });
            }
        }
    }

    fn want_keyframe(&mut self, ssrc: u32) {
        if let Some(mid) = self.sends.get(&ssrc).cloned() {
            self.push(Event::KeyframeWanted { mid });
        }
    }
}

interceptor!(Tap, take);

impl Interceptor for Tap {
    fn bind_local_stream(&mut self, _: &StreamInfo) {}

    fn unbind_local_stream(&mut self, _: &StreamInfo) {}

    fn bind_remote_stream(&mut self, _: &StreamInfo) {}

    fn unbind_remote_stream(&mut self, _: &StreamInfo) {}
}
