//! From the processed microphone to packets.

use crate::{
    codec::{CodecError, Encoder, Encoding},
    gate::{Gate, Mode, Verdict},
    meter::{Meter, wire_level},
    red::Packer,
    sound::{BLOCK, Block},
    transport::{Codec, Outgoing},
};
use snug_protocol::voice::OpusSettings;
use std::sync::Arc;

/// Samples in a packet: 20 ms, as all browsers send.
const FRAME: usize = 2 * BLOCK;
/// Opus inside of RED, as the server numbers it.
const OPUS: u8 = 111;
/// A packet of at most two bytes says that nothing need be sent (DTX).
const NOTHING: usize = 2;

/// What the microphone's sound is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    /// In dBFS, after processing.
    pub level_db: f32,
    /// Whether it is sent.
    pub open: bool,
}

/// See the [module](self).
#[derive(Debug)]
pub struct Microphone {
    gate: Gate,
    meter: Meter,
    encoder: Encoder,
    packer: Packer,
    line: Option<(Arc<str>, OpusSettings)>,
    loss: f32,
    muted: bool,
    /// What is not encoded yet.
    frame: Vec<f32>,
    /// Whether something in `frame` is to be sent.
    wanted: bool,
    /// Whether the last frame was sent.
    flowing: bool,
    sequence: u64,
    timestamp: u32,
    /// Copies that go along, by how many frames they are old.
    distances: &'static [usize],
}

impl Microphone {
    pub(super) fn new(mode: Mode) -> Result<Self, CodecError> {
        Ok(Self {
            gate: Gate::new(mode),
            meter: Meter::default(),
            encoder: Encoder::new(Encoding::default())?,
            packer: Packer::new(OPUS),
            line: None,
            loss: 0.0,
            muted: false,
            frame: Vec::with_capacity(FRAME),
            wanted: false,
            flowing: false,
            sequence: 0,
            timestamp: 0,
            distances: distances(0.0),
        })
    }

    pub(super) fn tick(&mut self, block: &Block, speech: Option<f32>) -> Result<(Said, Option<Outgoing>), CodecError> {
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
        let packet = self.encode();
        self.frame.clear();
        self.wanted = false;
        self.timestamp = self.timestamp.wrapping_add(FRAME as u32);
        Ok((said, packet?))
    }

    fn encode(&mut self) -> Result<Option<Outgoing>, CodecError> {
        // One frame more when the gate closes: it holds the fade.
        let sent = self.wanted || self.flowing;
        let begins = !self.flowing;
        self.flowing = self.wanted;
        let Some((mid, opus)) = self.line.as_ref().filter(|_| sent) else {
            return Ok(None);
        };
        self.encoder.set(Encoding { bitrate: opus.bitrate, dtx: opus.dtx, fec: opus.fec, loss: self.loss })?;
        let level = wire_level(&self.frame);
        let frame = self.encoder.encode(&self.frame)?;
        if frame.len() <= NOTHING && opus.dtx && !begins {
            return Ok(None);
        }
        let distances = if opus.fec { self.distances } else { &[] };
        let mut payload = Vec::new();
        self.packer.pack(self.timestamp, frame, distances, &mut payload);
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

    pub(super) fn set_loss(&mut self, loss: f32) {
        self.loss = loss.clamp(0.0, 1.0);
        self.distances = distances(self.loss);
    }

    pub(super) fn send_on(&mut self, line: Option<(Arc<str>, OpusSettings)>) {
        self.line = line;
    }
}

/// Which copies go along, by what is lost: one always, since loss is known only when it is too late.
fn distances(loss: f32) -> &'static [usize] {
    match loss {
        loss if loss > 0.12 => &[1, 2, 3],
        loss if loss > 0.02 => &[1, 2],
        _ => &[1],
    }
}

fn fade(block: &mut [f32]) {
    let length = block.len() as f32;
    for (index, sample) in block.iter_mut().enumerate() {
        *sample *= 1.0 - (index as f32 + 1.0) / length;
    }
}
