//! What is done to the microphone's sound before it is sent: rumble, echo and noise are taken out, speech is made loud enough.
//!
//! WebRTC's audio processing in Rust (`sonora`: AEC3, noise suppression, AGC2), and RNNoise (`nnnoiseless`, Valin 2018) where
//! more is to be taken out. The level of the system's microphone is never touched.

use crate::sound::{BLOCK, Block, RATE};
use nnnoiseless::DenoiseState;
use sonora::{
    AudioProcessing, Config, StreamConfig,
    config::{AdaptiveDigital, EchoCanceller, GainController2, HighPassFilter, MaxProcessingRate, NoiseSuppression, NoiseSuppressionLevel, Pipeline},
};
use std::fmt;

/// How noise is suppressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Noise {
    /// Not.
    Off,
    /// Steady noise: fans, hiss.
    #[default]
    Standard,
    /// Other noise too: keyboards, dishes. Costs 10 ms of delay.
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
    denoise: Option<Box<DenoiseState<'static>>>,
    settings: Settings,
    speech: Option<f32>,
    pauses: Pauses,
}

/// Makes what is probably no speech softer still: what RNNoise leaves of clicks is short and bright.
#[derive(Debug)]
struct Pauses {
    gain: f32,
    /// Blocks since somebody spoke.
    since: u32,
}

impl Pauses {
    /// The probability from which it is speech.
    const SPEECH: f32 = 0.6;
    /// Blocks after speech that are left as they are: ends of words.
    const HANG_OVER: u32 = 12;
    /// -14 dB.
    const FLOOR: f32 = 0.2;

    fn soften(&mut self, speech: f32, sound: &mut Block) {
        self.since = if speech > Self::SPEECH { 0 } else { self.since.saturating_add(1) };
        let gain = if self.since <= Self::HANG_OVER { 1.0 } else { Self::FLOOR + (self.gain - Self::FLOOR) * 0.8 };
        let step = (gain - self.gain) / BLOCK as f32;
        for sample in sound {
            self.gain += step;
            *sample *= self.gain;
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
        Self { inner, denoise: denoise(settings), settings, speech: None, pauses: Pauses { gain: 1.0, since: 0 } }
    }

    /// Changes what is done. What is known of the room stays, unless echo is switched.
    pub fn set(&mut self, settings: Settings) {
        if settings == self.settings {
            return;
        }
        if settings.noise != self.settings.noise {
            self.denoise = denoise(settings);
            self.speech = None;
        }
        self.settings = settings;
        self.inner.apply_config(config(settings));
    }

    /// Takes 10 ms on their way to the loudspeaker: all that is played, mixed. Before [`Processor::process`] of the same 10 ms.
    pub fn play(&mut self, playout: &Block) {
        if !self.settings.echo {
            return;
        }
        let mut unused = [0.0; BLOCK];
        if let Err(error) = self.inner.process_render_f32(&[playout], &mut [&mut unused]) {
            tracing::error!(?error, "echo is heard: the playout was not analysed");
        }
    }

    /// Processes 10 ms of the microphone, in place. With everything off they stay as they are: even the filter for rumble is
    /// heard, PESQ in wide band falls by half a point.
    pub fn process(&mut self, microphone: &mut Block) {
        let Settings { echo, noise, gain } = self.settings;
        if !echo && noise == Noise::Off && !gain {
            return;
        }
        let input = *microphone;
        if let Err(error) = self.inner.process_capture_f32(&[&input], &mut [microphone]) {
            tracing::error!(?error, "the microphone is heard as it is");
            *microphone = input;
        }
        let Some(denoise) = &mut self.denoise else {
            return;
        };
        let scaled = microphone.map(|sample| sample * SCALE);
        let speech = denoise.process_frame(microphone, &scaled);
        self.speech = Some(speech);
        self.pauses.soften(speech, microphone);
        for sample in microphone {
            *sample = (*sample / SCALE).clamp(-1.0, 1.0);
        }
    }

    /// How probably somebody speaks, 0 to 1, if it is reckoned: with [`Noise::Strong`].
    pub fn speech(&self) -> Option<f32> {
        self.speech
    }

    /// By how many decibels the echo is softer than without, as the canceller itself reckons.
    pub fn echo_reduction_db(&self) -> Option<f64> {
        self.inner.statistics().echo_return_loss_enhancement
    }
}

fn denoise(settings: Settings) -> Option<Box<DenoiseState<'static>>> {
    (settings.noise == Noise::Strong).then(DenoiseState::new)
}

fn config(settings: Settings) -> Config {
    Config {
        pipeline: Pipeline { maximum_internal_processing_rate: MaxProcessingRate::Rate48kHz, ..Pipeline::default() },
        high_pass_filter: Some(HighPassFilter::default()),
        echo_canceller: settings.echo.then(EchoCanceller::default),
        noise_suppression: match settings.noise {
            Noise::Off => None,
            // RNNoise knows noise better if nobody took a part of it out before: 12 dB instead of 8 for pink noise.
            Noise::Strong => None,
            Noise::Standard => Some(NoiseSuppression { level: NoiseSuppressionLevel::High, ..NoiseSuppression::default() }),
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
