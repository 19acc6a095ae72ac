//! From the processed microphone to packets.

use crate::{
    codec::{CodecError, Encoder, Encoding},
    gate::{Gate, Mode, Verdict},
    meter::{Meter, wire_level},
    sound::{BLOCK, Block},
    transport::{Codec, Outgoing},
};
use snug_protocol::voice::OpusSettings;
use snug_redundancy::{Copies, History, Losses};
use std::{sync::Arc, time::Instant};

/// Samples in a packet: 20 ms, as all browsers send.
const FRAME: usize = 2 * BLOCK;
/// Opus inside of RED, as the server numbers it.
const OPUS: u8 = 111;
/// A packet of at most two bytes says that nothing need be sent (DTX).
const NOTHING: usize = 2;
/// From this part lost, and up to this many bits per second, speech is sent at a wide band (8 kHz): what the upper half of the
/// spectrum costs is better spent on copies.
const LOSSY: f32 = 0.015;
const NARROWED: u32 = 32_000;

/// What the microphone's sound is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    /// In dBFS, after processing.
    pub level_db: f32,
    /// Whether it is sent.
    pub open: bool,
}

/// What was made of the microphone's sound, since there is a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Packets.
    pub packets: u64,
    /// Packets with copies of earlier frames (RED).
    pub with_copies: u64,
    /// Bytes that the encoder made.
    pub encoded: u64,
    /// Bytes of payloads: what the encoder made, and the copies.
    pub payload: u64,
    /// What the encoder is to make, in bits per second; 0 before the first packet.
    pub bitrate: u32,
    /// Whether it is spared what is above 8 kHz, so that there is room for copies.
    pub narrowed: bool,
}

/// See the [module](self).
#[derive(Debug)]
pub struct Microphone {
    gate: Gate,
    meter: Meter,
    encoder: Encoder,
    history: History,
    /// Of the way to the server.
    losses: Losses,
    /// The number of the first packet that no report has told of.
    reported: u64,
    line: Option<(Arc<str>, OpusSettings)>,
    muted: bool,
    /// What is not encoded yet.
    frame: Vec<f32>,
    /// Whether something in `frame` is to be sent.
    wanted: bool,
    /// Whether the last frame was sent.
    flowing: bool,
    sequence: u64,
    timestamp: u32,
    sent: Sent,
}

impl Microphone {
    pub(super) fn new(mode: Mode) -> Result<Self, CodecError> {
        Ok(Self {
            gate: Gate::new(mode),
            meter: Meter::default(),
            encoder: Encoder::new(Encoding::default())?,
            history: History::default(),
            losses: Losses::default(),
            reported: 0,
            line: None,
            muted: false,
            frame: Vec::with_capacity(FRAME),
            wanted: false,
            flowing: false,
            sequence: 0,
            timestamp: 0,
            sent: Sent::default(),
        })
    }

    pub(super) fn tick(&mut self, now: Instant, block: &Block, speech: Option<f32>) -> Result<(Said, Option<Outgoing>), CodecError> {
        self.meter.take(block);
        let level_db = self.meter.level_db();
        let verdict = if self.muted { Verdict::Closed } else { self.gate.decide(level_db, speech) };
        let start = self.frame.len();
        self.frame.extend_from_slice(block);
        let new = &mut self.frame[start..];
        match verdict {
            Verdict::Open => self.wanted = true,
            Verdict::Closing => fade(new),
            Verdict::Closed => new.fill(0.0),
        }
        let said = Said { level_db, open: verdict == Verdict::Open };
        if self.frame.len() < FRAME {
            return Ok((said, None));
        }
        let packet = self.encode(now);
        self.frame.clear();
        self.wanted = false;
        self.timestamp = self.timestamp.wrapping_add(FRAME as u32);
        Ok((said, packet?))
    }

    fn encode(&mut self, now: Instant) -> Result<Option<Outgoing>, CodecError> {
        // One frame more when the gate closes: it holds the fade.
        let sent = self.wanted || self.flowing;
        let begins = !self.flowing;
        self.flowing = self.wanted;
        let Some((mid, opus)) = self.line.as_ref().filter(|_| sent) else {
            return Ok(None);
        };
        let wideband = self.losses.estimate() > LOSSY && opus.bitrate <= NARROWED;
        self.encoder.set(Encoding { bitrate: opus.bitrate, dtx: opus.dtx, wideband, ..Encoding::default() })?;
        let level = wire_level(&self.frame);
        let frame = self.encoder.encode(&self.frame)?;
        if frame.len() <= NOTHING && opus.dtx && !begins {
            return Ok(None);
        }
        let encoded = frame.len();
        let copies = if opus.fec { self.losses.copies(now) } else { Copies::None };
        let mut payload = Vec::new();
        self.history.take(OPUS, self.timestamp, frame);
        self.history.pack(self.timestamp, copies, &mut payload);
        self.sent = Sent {
            packets: self.sent.packets + 1,
            // Without copies there is a header of one byte.
            with_copies: self.sent.with_copies + u64::from(payload.len() > encoded + 1),
            encoded: self.sent.encoded + encoded as u64,
            payload: self.sent.payload + payload.len() as u64,
            bitrate: opus.bitrate,
            narrowed: wideband,
        };
        let packet = Outgoing {
            mid: mid.clone(),
            codec: Codec::Red,
            sequence: self.sequence,
            timestamp: self.timestamp,
            marker: begins,
            level: Some(level),
            payload,
        };
        self.sequence += 1;
        Ok(Some(packet))
    }

    pub(super) fn set_mode(&mut self, mode: Mode) {
        self.gate.set(mode);
    }

    pub(super) fn hold(&mut self, held: bool) {
        self.gate.hold(held);
    }

    pub(super) fn set_muted(&mut self, muted: bool) {
        self.muted = muted;
    }

    /// The server has reported what part of the packets was lost since the report before.
    pub(super) fn take_report(&mut self, now: Instant, loss: f32) {
        let packets = (self.sequence - self.reported).try_into().unwrap_or(u32::MAX);
        self.reported = self.sequence;
        self.losses.take(now, loss, packets);
    }

    /// The way to the server is another one.
    pub(super) fn forget_losses(&mut self) {
        self.losses = Losses::default();
        self.reported = self.sequence;
    }

    pub(super) fn send_on(&mut self, line: Option<(Arc<str>, OpusSettings)>) {
        if line.is_none() {
            self.sent = Sent::default();
        }
        self.line = line;
    }

    pub(super) fn sent(&self) -> Sent {
        self.sent
    }
}

fn fade(block: &mut [f32]) {
    let length = block.len() as f32;
    for (index, sample) in block.iter_mut().enumerate() {
        *sample *= 1.0 - (index as f32 + 1.0) / length;
    }
}
