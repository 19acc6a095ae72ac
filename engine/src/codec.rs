//! Opus (RFC 6716), for one voice.

use crate::sound::RATE;
use opus::{Application, Bandwidth, Bitrate, Channels, ErrorCode, Signal};

/// How a voice is encoded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Encoding {
    /// On average, in bits per second.
    pub bitrate: u32,
    /// Whether less is sent while nobody speaks.
    pub dtx: bool,
    /// Whether packets repair the one before them (LBRR, RFC 6716, 2.1.7). It takes its bits from the packets themselves: at 28 kb/s
    /// PESQ falls by 0.3 to 0.5 for it where nothing is lost. Copies (RFC 2198) repair more, and cost no quality.
    pub fec: bool,
    /// The part of the packets that is lost though there may be copies, 0 to 1.
    pub loss: f32,
    /// Whether only what is below 8 kHz is sent.
    pub wideband: bool,
}

impl Default for Encoding {
    fn default() -> Self {
        Self { bitrate: 64_000, dtx: false, fec: false, loss: 0.0, wideband: false }
    }
}

/// What the codec could not do.
#[derive(Debug, thiserror::Error)]
#[error("Opus could not {what}: {reason}")]
pub struct CodecError {
    what: &'static str,
    reason: opus::Error,
}

fn failed(what: &'static str) -> impl FnOnce(opus::Error) -> CodecError {
    move |reason| CodecError { what, reason }
}

/// Turns sound into packets.
#[derive(Debug)]
pub struct Encoder {
    inner: opus::Encoder,
    encoding: Encoding,
    /// Room for the largest packet.
    packet: Vec<u8>,
}

impl Encoder {
    /// The largest packet of one frame (RFC 6716, 3.2.1).
    const MAX_PACKET: usize = 1275;

    /// An encoder for speech.
    pub fn new(encoding: Encoding) -> Result<Self, CodecError> {
        // Not RESTRICTED_LOWDELAY: only SILK and the hybrid mode have in-band FEC.
        let mut inner = opus::Encoder::new(RATE, Channels::Mono, Application::Voip).map_err(failed("make an encoder"))?;
        inner.set_signal(Signal::Voice).and_then(|()| inner.set_complexity(10)).map_err(failed("set up an encoder"))?;
        let mut encoder = Self { inner, encoding, packet: vec![0; Self::MAX_PACKET] };
        encoder.apply(encoding)?;
        Ok(encoder)
    }

    /// Changes how the next frames are encoded. Costs nothing if it is as before.
    pub fn set(&mut self, encoding: Encoding) -> Result<(), CodecError> {
        if encoding == self.encoding {
            return Ok(());
        }
        self.apply(encoding)
    }

    fn apply(&mut self, encoding: Encoding) -> Result<(), CodecError> {
        let loss = (encoding.loss * 100.0).round().clamp(0.0, 100.0) as i32;
        let bitrate = encoding.bitrate.clamp(6_000, 510_000) as i32;
        let inner = &mut self.inner;
        inner
            .set_bitrate(Bitrate::Bits(bitrate))
            .and_then(|()| inner.set_dtx(encoding.dtx))
            .and_then(|()| inner.set_inband_fec(encoding.fec))
            .and_then(|()| inner.set_packet_loss_perc(loss))
            .and_then(|()| inner.set_bandwidth(if encoding.wideband { Bandwidth::Wideband } else { Bandwidth::Auto }))
            .map_err(failed("change its settings"))?;
        self.encoding = encoding;
        Ok(())
    }

    /// Encodes 2.5, 5, 10, 20, 40 or 60 ms. A packet of at most two bytes says that it need not be sent (DTX).
    pub fn encode(&mut self, sound: &[f32]) -> Result<&[u8], CodecError> {
        let length = self.inner.encode_float(sound, &mut self.packet).map_err(failed("encode"))?;
        Ok(&self.packet[..length])
    }
}

/// What a jitter buffer wants of a decoder. Sound is appended to `sound`; what cannot be decoded is concealed.
pub trait Decode {
    /// Samples in a packet; nothing if it is none.
    fn samples(&self, packet: &[u8]) -> Option<usize>;
    /// Whether a packet repairs the one before it.
    fn repairs(&self, packet: &[u8]) -> bool;
    /// Decodes the packet that follows.
    fn decode(&mut self, packet: &[u8], sound: &mut Vec<f32>);
    /// Decodes what the packet after the missing one has of it, as long as the packet itself is.
    fn repair(&mut self, next: &[u8], sound: &mut Vec<f32>);
    /// Makes up for something missing; `samples` is a multiple of 2.5 ms.
    fn conceal(&mut self, samples: usize, sound: &mut Vec<f32>);
    /// Forgets what was before: somebody else speaks.
    fn reset(&mut self);
}

/// Turns packets into sound.
#[derive(Debug)]
pub struct Decoder {
    inner: opus::Decoder,
}

impl Decoder {
    /// A decoder. Stereo is mixed down.
    pub fn new() -> Result<Self, CodecError> {
        let inner = opus::Decoder::new(RATE, Channels::Mono).map_err(failed("make a decoder"))?;
        Ok(Self { inner })
    }

    fn run(&mut self, packet: &[u8], samples: usize, fec: bool, sound: &mut Vec<f32>) {
        let start = sound.len();
        sound.resize(start + samples, 0.0);
        match self.inner.decode_float(packet, &mut sound[start..], fec) {
            Ok(decoded) => sound.truncate(start + decoded),
            // A packet whose inside is broken is as good as lost.
            Err(error) if error.code() == ErrorCode::InvalidPacket && !packet.is_empty() => {
                sound.truncate(start);
                self.conceal(samples, sound);
            }
            Err(error) => tracing::error!(%error, "silence for what could not be decoded"),
        }
    }
}

/// The longest packet: 120 ms (RFC 6716, 3.2.5).
const MAX_SAMPLES: usize = 5760;

impl Decode for Decoder {
    fn samples(&self, packet: &[u8]) -> Option<usize> {
        // An empty one means a lost one to libopus.
        if packet.is_empty() {
            return None;
        }
        opus::packet::get_nb_samples(packet, RATE).ok().filter(|samples| (120..=MAX_SAMPLES).contains(samples))
    }

    fn repairs(&self, packet: &[u8]) -> bool {
        let [toc, first, ..] = *packet else {
            return false;
        };
        // RFC 6716, 3.1: configurations from 16 are CELT, which has no LBRR. 4.2.3: the flags stand at the front of
        // the first frame, one of voice activity for each SILK frame of 20 ms, then LBRR. Only packets of one frame
        // of mono are looked at, which is what engines and browsers send; others are repaired by what surrounds them.
        let configuration = toc >> 3;
        if configuration >= 16 || toc & 0b111 != 0 {
            return false;
        }
        let frames = match (configuration < 12, configuration & 3) {
            (true, 2) => 2,
            (true, 3) => 3,
            _ => 1,
        };
        first >> (7 - frames) & 1 == 1
    }

    fn decode(&mut self, packet: &[u8], sound: &mut Vec<f32>) {
        let samples = self.samples(packet).unwrap_or(960);
        self.run(packet, samples, false, sound);
    }

    fn repair(&mut self, next: &[u8], sound: &mut Vec<f32>) {
        let samples = self.samples(next).unwrap_or(960);
        self.run(next, samples, true, sound);
    }

    fn conceal(&mut self, samples: usize, sound: &mut Vec<f32>) {
        self.run(&[], samples, false, sound);
    }

    fn reset(&mut self) {
        if let Err(error) = self.inner.reset_state() {
            tracing::error!(%error, "a decoder still knows the voice before");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_need_not_be_sent_with_dtx() {
        let mut encoder = Encoder::new(Encoding { dtx: true, ..Encoding::default() }).unwrap();
        let quiet = (0..100).filter(|_| encoder.encode(&[0.0; 960]).unwrap().len() <= 2).count();
        assert!(quiet > 60, "{quiet} of 100 packets");
    }

    #[test]
    fn broken_packets_are_concealed() {
        let mut decoder = Decoder::new().unwrap();
        let mut sound = Vec::new();
        decoder.decode(&[0xff, 0xff, 0xff], &mut sound);
        assert!(!sound.is_empty());
    }
}
