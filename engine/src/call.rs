//! A call, 10 ms at a time: what the microphone heard in, what the loudspeaker plays and packets for the server out.
//!
//! It decides everything and waits for nothing: time, packets and sound are arguments. [`crate::engine`] is the shell around it.

mod listen;
mod speak;

pub use listen::{Heard, Speakers};
pub use speak::{Microphone, Said, Sent};

use crate::{
    codec::CodecError,
    cue::{Chime, Cue},
    gate::Mode,
    mixer::Limiter,
    process::{self, Noise, Processor},
    sound::{BLOCK, Block},
    transport::{Incoming, Outgoing},
};
use snug_protocol::voice::OpusSettings;
use std::{sync::Arc, time::Instant};

/// What one has set.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// When to send.
    pub mode: Mode,
    /// What is done to the microphone's sound.
    pub processing: process::Settings,
    /// All that is played: 0 to 200 %.
    pub output_volume: u16,
    /// The microphone's sound: 0 to 200 %.
    pub input_volume: u16,
    /// Whether all are made about as loud.
    pub evened: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: Mode::VoiceActivity { threshold_db: -50.0 },
            processing: process::Settings::default(),
            output_volume: 100,
            input_volume: 100,
            evened: true,
        }
    }
}

impl Settings {
    /// Everything is sent, and all sound stays as it is: for recordings and measurements.
    pub fn untouched() -> Self {
        let processing = process::Settings { echo: false, noise: Noise::Off, gain: false };
        Self { mode: Mode::Open, processing, evened: false, ..Self::default() }
    }
}

/// See the [module](self).
#[derive(Debug)]
pub struct Call {
    settings: Settings,
    processor: Processor,
    microphone: Microphone,
    speakers: Speakers,
    limiter: Limiter,
    deafened: bool,
    chime: Option<Chime>,
}

/// What came of 10 ms.
#[derive(Debug)]
pub struct Tick {
    /// What is to be played.
    pub playout: Block,
    /// What the microphone heard, as it would be sent.
    pub processed: Block,
    /// What the microphone's sound is like now.
    pub said: Said,
    /// What is to be sent.
    pub packet: Option<Outgoing>,
}

impl Call {
    /// A call with nobody in it, that sends nowhere.
    pub fn new(settings: Settings) -> Result<Self, CodecError> {
        Ok(Self {
            processor: Processor::new(settings.processing),
            microphone: Microphone::new(settings.mode)?,
            speakers: Speakers::new(settings.evened),
            limiter: Limiter::default(),
            deafened: false,
            chime: None,
            settings,
        })
    }

    /// Takes a packet.
    pub fn handle(&mut self, now: Instant, packet: &Incoming) {
        self.speakers.handle(now, packet);
    }

    /// Moves on by 10 ms; `heard` is what the microphone heard in them.
    pub fn tick(&mut self, now: Instant, heard: &Block) -> Result<Tick, CodecError> {
        let mut playout = [0.0; BLOCK];
        self.speakers.pull(now, &mut playout);
        if self.deafened {
            playout.fill(0.0);
        }
        // Whoever wants to hear nobody still wants to know what they did.
        self.chime.take_if(|chime| !chime.mix(&mut playout));
        scale(&mut playout, self.settings.output_volume);
        self.limiter.limit(&mut playout);
        // What is played is what comes back from the room.
        self.processor.play(&playout);
        let mut block = *heard;
        scale(&mut block, self.settings.input_volume);
        self.processor.process(&mut block);
        let (said, packet) = self.microphone.tick(now, &block, self.processor.speech())?;
        Ok(Tick { playout, processed: block, said, packet })
    }

    /// Changes what one has set.
    pub fn set(&mut self, settings: Settings) {
        self.processor.set(settings.processing);
        self.microphone.set_mode(settings.mode);
        self.speakers.set_evened(settings.evened);
        self.settings = settings;
    }

    /// Where the microphone's sound goes, and how it is encoded; nowhere without it.
    pub fn send_on(&mut self, line: Option<(Arc<str>, OpusSettings)>) {
        self.microphone.send_on(line);
    }

    /// The server has reported what part of what was sent is lost, 0 to 1, since the report before.
    pub fn take_report(&mut self, now: Instant, loss: f32) {
        self.microphone.take_report(now, loss);
    }

    /// The way to the server is another one: what was reported of the one before says nothing.
    pub fn forget_losses(&mut self) {
        self.microphone.forget_losses();
    }

    /// Whether one is heard.
    pub fn set_muted(&mut self, muted: bool) {
        self.microphone.set_muted(muted);
    }

    /// Whether one hears.
    pub fn set_deafened(&mut self, deafened: bool) {
        self.deafened = deafened;
    }

    /// Whether the key for talking is held.
    pub fn hold(&mut self, held: bool) {
        self.microphone.hold(held);
    }

    /// Plays a cue, in place of one that is being played.
    pub fn cue(&mut self, cue: Cue) {
        self.chime = Some(Chime::new(cue));
    }

    /// Whether a cue is being played.
    pub fn is_chiming(&self) -> bool {
        self.chime.is_some()
    }

    /// Those who are heard.
    pub fn speakers(&mut self) -> &mut Speakers {
        &mut self.speakers
    }

    /// What was sent, since there is a line to send on.
    pub fn sent(&self) -> Sent {
        self.microphone.sent()
    }

    /// By how many decibels echo is reduced, as the canceller reckons.
    pub fn echo_reduction_db(&self) -> Option<f64> {
        self.processor.echo_reduction_db()
    }
}

fn scale(block: &mut Block, percent: u16) {
    if percent != 100 {
        let gain = f32::from(percent.min(200)) / 100.0;
        block.iter_mut().for_each(|sample| *sample *= gain);
    }
}
