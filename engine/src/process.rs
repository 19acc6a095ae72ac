//! What is done to the microphone's sound before it is sent: rumble, echo and noise are taken out, speech is made loud enough.
//!
//! WebRTC's audio processing in Rust (`sonora`: AEC3, noise suppression, AGC2), and RNNoise (`nnnoiseless`, Valin 2018), which says
//! whether somebody speaks, and takes out more where that is wanted. The level of the system's microphone is never touched.

mod echo;

use crate::sound::{BLOCK, Block, RATE};
use echo::EchoCanceller;
use nnnoiseless::DenoiseState;
use sonora::{
    AudioProcessing, Config, StreamConfig,
    config::{AdaptiveDigital, GainController2, HighPassFilter, MaxProcessingRate, NoiseSuppression, NoiseSuppressionLevel, Pipeline},
};
use std::fmt;

/// How noise is suppressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Noise {
    /// Not.
    Off,
    /// Steady noise (fans, hiss), and other noise (keyboards, dishes) while nobody speaks.
    #[default]
    Standard,
    /// Other noise also while somebody speaks. Costs 10 ms of delay.
    Strong,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Take out what the loudspeaker plays.
    pub echo: bool,
    /// Take out noise.
    pub noise: Noise,
    /// Make speech loud enough.
    pub gain: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { echo: true, noise: Noise::default(), gain: true }
    }
}

/// The processing of one microphone.
pub struct Processor {
    inner: AudioProcessing,
    echo: Option<EchoCanceller>,
    denoise: Option<Box<DenoiseState<'static>>>,
    settings: Settings,
    speech: Option<f32>,
    pauses: Pauses,
}

/// Makes what is probably no speech softer still: what is left of clicks is short and bright.
#[derive(Debug)]
struct Pauses {
    habits: Habits,
    gain: f32,
    /// Blocks since somebody spoke.
    since: u32,
}

/// How quickly pauses become softer. Chosen by what keys and PESQ of clean speech came to in `tests/process.rs`.
#[derive(Clone, Copy, Debug)]
struct Habits {
    /// The probability from which it is speech.
    speech: f32,
    /// Blocks after speech that are left as they are: ends of words.
    hang_over: u32,
    /// Of the way down, what is left after each block.
    fade: f32,
}

impl Habits {
    /// Keys between words are heard in full, so the way down is short. What is taken for speech too easily is not lost.
    const STANDARD: Self = Self { speech: 0.25, hang_over: 2, fade: 0.5 };
    /// RNNoise has made softer what is between words.
    const STRONG: Self = Self { speech: 0.6, hang_over: 12, fade: 0.8 };
}

impl Pauses {
    /// -14 dB.
    const FLOOR: f32 = 0.2;
    /// Samples within which a word that begins is let through: 0.5 ms.
    const ATTACK: usize = 24;

    fn new(noise: Noise) -> Self {
        let habits = match noise {
            Noise::Off | Noise::Standard => Habits::STANDARD,
            Noise::Strong => Habits::STRONG,
        };
        Self { habits, gain: 1.0, since: 0 }
    }

    fn soften(&mut self, speech: f32, sound: &mut Block) {
        let Habits { speech: threshold, hang_over, fade } = self.habits;
        self.since = if speech > threshold { 0 } else { self.since.saturating_add(1) };
        let gain = if self.since <= hang_over { 1.0 } else { Self::FLOOR + (self.gain - Self::FLOOR) * fade };
        let way = if gain > self.gain { Self::ATTACK } else { BLOCK };
        let step = (gain - self.gain) / way as f32;
        for (index, sample) in sound.iter_mut().enumerate() {
            *sample *= if index < way { self.gain + step * (index + 1) as f32 } else { gain };
        }
        self.gain = gain;
    }
}

impl fmt::Debug for Processor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Processor").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// RNNoise works on samples of 16 bits.
const SCALE: f32 = 32_768.0;

impl Processor {
    /// A processor that knows nothing yet of the room.
    pub fn new(settings: Settings) -> Self {
        let stream = StreamConfig::new(RATE, 1);
        let inner = AudioProcessing::builder().config(config(settings)).capture_config(stream).render_config(stream).build();
        let echo = settings.echo.then(EchoCanceller::new);
        Self { inner, echo, denoise: denoise(settings), settings, speech: None, pauses: Pauses::new(settings.noise) }
    }

    /// Changes what is done. What is known of the room stays, unless echo is switched.
    pub fn set(&mut self, settings: Settings) {
        if settings == self.settings {
            return;
        }
        if settings.noise != self.settings.noise {
            self.denoise = denoise(settings);
            self.speech = None;
            self.pauses = Pauses::new(settings.noise);
        }
        if settings.echo != self.settings.echo {
            self.echo = settings.echo.then(EchoCanceller::new);
        }
        self.settings = settings;
        self.inner.apply_config(config(settings));
    }

    /// Takes 10 ms on their way to the loudspeaker: all that is played, mixed. Before [`Processor::process`] of the same 10 ms.
    pub fn play(&mut self, playout: &Block) {
        if let Some(echo) = &mut self.echo {
            echo.play(playout);
        }
    }

    /// Processes 10 ms of the microphone, in place. With everything off they stay as they are: even the filter for rumble is
    /// heard, PESQ in wide band falls by half a point.
    pub fn process(&mut self, microphone: &mut Block) {
        let Settings { echo, noise, gain } = self.settings;
        if !echo && noise == Noise::Off && !gain {
            return;
        }
        if let Some(echo) = &mut self.echo {
            echo.process(microphone);
        }
        let input = *microphone;
        if let Err(error) = self.inner.process_capture_f32(&[&input], &mut [microphone]) {
            tracing::error!(?error, "the microphone is heard as it is");
            *microphone = input;
        }
        let Some(denoise) = &mut self.denoise else {
            return;
        };
        // Whether somebody speaks is heard best before noise is taken out, and known a little sooner.
        let listened = match self.settings.noise {
            Noise::Off | Noise::Standard => &input,
            Noise::Strong => &*microphone,
        };
        let mut clean = [0.0; BLOCK];
        let speech = denoise.process_frame(&mut clean, &listened.map(|sample| sample * SCALE));
        if self.settings.noise == Noise::Strong {
            *microphone = clean.map(|sample| sample / SCALE);
        }
        self.speech = Some(speech);
        self.pauses.soften(speech, microphone);
        for sample in microphone {
            *sample = sample.clamp(-1.0, 1.0);
        }
    }

    /// How probably somebody speaks, 0 to 1, if it is reckoned: unless noise is left as it is.
    pub fn speech(&self) -> Option<f32> {
        self.speech
    }

    /// By how many decibels the echo is softer than without, as the canceller itself reckons.
    pub fn echo_reduction_db(&self) -> Option<f64> {
        self.echo.as_ref().map(EchoCanceller::reduction_db)
    }
}

fn denoise(settings: Settings) -> Option<Box<DenoiseState<'static>>> {
    (settings.noise != Noise::Off).then(DenoiseState::new)
}

fn config(settings: Settings) -> Config {
    Config {
        pipeline: Pipeline { maximum_internal_processing_rate: MaxProcessingRate::Rate48kHz, ..Pipeline::default() },
        high_pass_filter: Some(HighPassFilter::default()),
        noise_suppression: match settings.noise {
            Noise::Off => None,
            // RNNoise knows noise better if nobody took a part of it out before: 12 dB instead of 8 for pink noise.
            Noise::Strong => None,
            // More costs clean speech 0.06 of PESQ, and pauses are made softer anyway.
            Noise::Standard => Some(NoiseSuppression { level: NoiseSuppressionLevel::Moderate, ..NoiseSuppression::default() }),
        },
        gain_controller2: settings.gain.then(|| GainController2 {
            // The digital gain only: the volume of the device belongs to whoever sits before it.
            input_volume_controller: false,
            adaptive_digital: Some(AdaptiveDigital { initial_gain_db: 6.0, max_gain_db: 30.0, ..AdaptiveDigital::default() }),
            ..GainController2::default()
        }),
        ..Config::default()
    }
}
