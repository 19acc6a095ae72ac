//! Where somebody who speaks pauses: there, time can be taken or given and nobody hears it.
//!
//! A few milliseconds in the middle of a word are heard, or at least measured: three periods taken out of stops between
//! syllables cost more than one point of PESQ in the four seconds around.

use crate::sound::{BLOCK, Block, rms};

/// What is so much softer than speech has been is a pause: 26 dB.
const SOFTER: f32 = 0.05;
/// What is a pause anyway: -60 dBFS.
const SILENT: f32 = 0.001;
/// How long it must have lasted: stops within words are shorter. 120 ms.
const LASTS: usize = 5_760;
/// Of the loudness of speech, what is remembered after 10 ms: half after 14 s.
const REMEMBERED: f32 = 0.9995;

/// What was played so far.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    /// Of the loudest that is not forgotten.
    speech: f32,
    /// How many samples the present pause has.
    lasts: usize,
}

impl Pauses {
    /// Takes what is played.
    pub(super) fn hear(&mut self, block: &Block) {
        let level = rms(block);
        self.speech = level.max(self.speech * REMEMBERED);
        self.lasts = if level < self.threshold() { self.lasts + BLOCK } else { 0 };
    }

    /// Whether there is a pause now.
    pub(super) fn is_now(&self) -> bool {
        self.lasts >= LASTS
    }

    /// What is softer is a part of it: an amplitude.
    pub(super) fn threshold(&self) -> f32 {
        SILENT.max(self.speech * SOFTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_within_a_word_is_no_pause() {
        let mut pauses = Pauses::default();
        pauses.hear(&[0.3; BLOCK]);
        for _ in 0..LASTS / BLOCK - 1 {
            pauses.hear(&[0.01; BLOCK]);
            assert!(!pauses.is_now());
        }
        pauses.hear(&[0.01; BLOCK]);
        assert!(pauses.is_now());
        pauses.hear(&[0.05; BLOCK]);
        assert!(!pauses.is_now());
    }
}
