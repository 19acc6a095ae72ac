//! Takes out of the microphone what the loudspeaker plays: AEC3, with settings for two who speak at once.
//!
//! `sonora` has AEC3 inside, but hides its settings. Here its core is used by itself: 10 ms of sound are split into three bands of
//! 8 kHz, cut into the blocks of 4 ms that the core works on, and put together again.

use crate::sound::{Block, RATE};
use sonora::three_band_filter_bank::{NUM_BANDS, SPLIT_BAND_SIZE, ThreeBandFilterBank};
use sonora_aec3::{
    block::Block as Bands,
    block_processor::BlockProcessor,
    common::BLOCK_SIZE,
    config::{EchoCanceller3Config, Tuning},
};
use std::collections::VecDeque;

/// The core works on samples of 16 bits.
const SCALE: f32 = 32_768.0;

/// Samples that no microphone sends unless it clips.
const CLIPPED: f32 = 32_700.0 / SCALE;

/// One microphone and one loudspeaker.
pub(super) struct EchoCanceller {
    played: Splitter,
    heard: Splitter,
    merger: Merger,
    core: BlockProcessor,
    bands: Bands,
}

impl EchoCanceller {
    /// Knows nothing yet of the room.
    pub(super) fn new() -> Self {
        Self {
            played: Splitter::default(),
            heard: Splitter::default(),
            merger: Merger::new(),
            core: BlockProcessor::new(&settings(), RATE as usize, 1, 1),
            bands: Bands::new(NUM_BANDS, 1),
        }
    }

    /// Takes 10 ms on their way to the loudspeaker.
    pub(super) fn play(&mut self, playout: &Block) {
        self.played.push(playout);
        while self.played.pull(&mut self.bands) {
            self.core.buffer_render(&self.bands);
        }
    }

    /// Takes the echo out of 10 ms of the microphone, and delays them by 3 ms.
    pub(super) fn process(&mut self, microphone: &mut Block) {
        let clipped = microphone.iter().any(|sample| sample.abs() >= CLIPPED);
        self.heard.push(microphone);
        while self.heard.pull(&mut self.bands) {
            self.core.process_capture(false, clipped, None, &mut self.bands);
            self.merger.push(&self.bands);
        }
        self.merger.pull(microphone);
    }

    /// By how many decibels the echo is softer than without, as the core reckons.
    pub(super) fn reduction_db(&self) -> f64 {
        self.core.get_metrics().echo_return_loss_enhancement
    }
}

/// Samples of each band that wait to become whole.
type Waiting = [VecDeque<f32>; NUM_BANDS];

/// From 10 ms to bands of 4 ms.
#[derive(Default)]
struct Splitter {
    bank: ThreeBandFilterBank,
    waiting: Waiting,
}

impl Splitter {
    fn push(&mut self, sound: &Block) {
        let mut split = [[0.0; SPLIT_BAND_SIZE]; NUM_BANDS];
        self.bank.analysis(&sound.map(|sample| sample * SCALE), &mut split);
        for (waiting, band) in self.waiting.iter_mut().zip(split) {
            waiting.extend(band);
        }
    }

    fn pull(&mut self, bands: &mut Bands) -> bool {
        let whole = self.waiting[0].len() >= BLOCK_SIZE;
        if whole {
            for (band, waiting) in self.waiting.iter_mut().enumerate() {
                for (to, from) in bands.view_mut(band, 0).iter_mut().zip(waiting.drain(..BLOCK_SIZE)) {
                    *to = from;
                }
            }
        }
        whole
    }
}

/// From bands of 4 ms to 10 ms.
struct Merger {
    bank: ThreeBandFilterBank,
    waiting: Waiting,
}

impl Merger {
    /// Silence ahead of the first sound: 10 ms are two and a half blocks, and half a block always waits.
    const AHEAD: usize = BLOCK_SIZE / 2;

    fn new() -> Self {
        Self { bank: ThreeBandFilterBank::new(), waiting: std::array::from_fn(|_| VecDeque::from([0.0; Self::AHEAD])) }
    }

    fn push(&mut self, bands: &Bands) {
        for (band, waiting) in self.waiting.iter_mut().enumerate() {
            waiting.extend(bands.view(band, 0));
        }
    }

    fn pull(&mut self, sound: &mut Block) {
        let mut split = [[0.0; SPLIT_BAND_SIZE]; NUM_BANDS];
        for (band, waiting) in split.iter_mut().zip(&mut self.waiting) {
            for (to, from) in band.iter_mut().zip(waiting.drain(..SPLIT_BAND_SIZE)) {
                *to = from;
            }
        }
        self.bank.synthesis(&split, sound);
        for sample in sound {
            *sample /= SCALE;
        }
    }
}

/// AEC3's own settings take nearly all of a voice away that speaks over another: they reckon that of the echo in it at most 6 dB have
/// been subtracted, whatever was. With these PESQ of such a voice is 1.44 instead of 1.19 (`tests/process.rs`; 1.30 with nothing done).
/// What would bring more is dear elsewhere: longer filters, and a slower one that two voices lead astray less, come to 2.6, but let a
/// loudspeaker that is moved be heard for seconds. With these its echo is 20 dB down at once, and 30 dB after a second.
fn settings() -> EchoCanceller3Config {
    let mut settings = EchoCanceller3Config::default();
    // What was subtracted counts, up to 13 dB.
    settings.erle.max_l = 20.0;
    settings.erle.max_h = 20.0;
    // From the start on as long as later: 52 ms.
    let length = settings.filter.refined.length_blocks;
    settings.filter.refined_initial.length_blocks = length;
    settings.filter.coarse_initial.length_blocks = length;
    // While somebody speaks here: what is louder than the echo passes, and reverberation counts for less.
    let Tuning { mask_lf, mask_hf, .. } = &mut settings.suppressor.nearend_tuning;
    for mask in [mask_lf, mask_hf] {
        mask.enr_transparent *= 5.0;
        mask.enr_suppress *= 5.0;
    }
    settings.ep_strength.nearend_len = 0.3;
    // Whether somebody speaks here is believed after 120 ms: a room that has changed is like a voice at first.
    settings.suppressor.dominant_nearend_detection.trigger_threshold = 30;
    // From 4 kHz on, no band passes more than this one.
    settings.suppressor.high_frequency_suppression.limiting_gain_band = 32;
    let valid = settings.validate();
    debug_assert!(valid, "settings within AEC3's ranges");
    settings
}
