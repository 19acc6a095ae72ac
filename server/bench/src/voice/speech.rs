//! What is said, and where in a recording it is.

use crate::failure::Failure;
use snug_engine::{device::wav, sound::rms};
use std::{path::Path, process::Command};

/// Sentences of the Harvard list (IEEE 297, 1969).
const SENTENCES: &str = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. \
    It is easy to tell the depth of a well. These days a chicken leg is a rare dish. \
    Rice is often served in round bowls. The juice of lemons makes fine punch. \
    The box was thrown beside the parked truck. The hogs were fed chopped corn and garbage. \
    Four hours of steady work faced us. A large size in stockings is hard to sell. \
    The boy was there when the sun rose. A rod is used to catch pink salmon. \
    The source of the huge river is the clear spring. Kick the ball straight and follow through.";

/// Samples in a second.
pub(crate) const RATE: usize = snug_engine::sound::RATE as usize;
/// How long [`speak`] speaks.
pub(crate) const SECONDS: usize = 30;

/// [`SECONDS`] of speech, always the same. It begins with its first word.
pub(crate) fn speak(folder: &Path) -> Result<Vec<f32>, Failure> {
    let path = folder.join("said.wav");
    let output = Command::new("espeak-ng").args(["-v", "en-us", "-w"]).arg(&path).arg(SENTENCES).output();
    let output = output.map_err(Failure::io("let espeak-ng speak: scripts/setup voice installs it"))?;
    if !output.status.success() {
        return Err(Failure::Tool { program: "espeak-ng", said: String::from_utf8_lossy(&output.stderr).into_owned() });
    }
    let said = wav::read(&path)?;
    let start = said.iter().position(|sample| sample.abs() > 0.01).unwrap_or(0);
    let mut speech: Vec<f32> = said[start..].iter().copied().take(SECONDS * RATE).collect();
    speech.resize(SECONDS * RATE, 0.0);
    Ok(speech)
}

/// Of envelopes: 10 ms.
const STEP: usize = RATE / 100;

/// Where in `recording` what was `said` begins, in samples, to 10 ms: where loudness goes up and down with it most alike.
/// Nothing if it is nowhere in it.
pub(crate) fn find(said: &[f32], recording: &[f32]) -> Option<usize> {
    let (said, heard) = (envelope(said), envelope(recording));
    let most = heard.len().saturating_sub(said.len());
    let alike = |at: usize| said.iter().zip(&heard[at..]).map(|(a, b)| f64::from(a * b)).sum::<f64>();
    let best = (0..=most).max_by(|a, b| alike(*a).total_cmp(&alike(*b)))?;
    // Whoever heard a third of it heard it.
    let enough = said.iter().map(|level| f64::from(level * level)).sum::<f64>() / 3.0;
    (alike(best) > enough).then_some(best * STEP)
}

/// Loudness in steps of 10 ms, compressed, with a mean of 0.
fn envelope(sound: &[f32]) -> Vec<f32> {
    let levels: Vec<f32> = sound.chunks_exact(STEP).map(|step| (rms(step) / 0.01).ln_1p()).collect();
    let mean = levels.iter().sum::<f32>() / levels.len().max(1) as f32;
    levels.iter().map(|level| level - mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// Noise that is loud and soft for random times.
    fn babble(seed: u64, seconds: usize) -> Vec<f32> {
        let mut random = Random::new(seed);
        let mut sound = Vec::new();
        while sound.len() < seconds * RATE {
            let loud = random.below(100) as f32 / 200.0;
            let length = 2_000 + random.below(8_000) as usize;
            sound.extend((0..length).map(|_| (random.below(2_000) as f32 / 1_000.0 - 1.0) * loud));
        }
        sound.truncate(seconds * RATE);
        sound
    }

    #[test]
    fn what_was_said_is_found_in_a_recording() {
        let said = babble(1, 8);
        let mut recording = vec![0.0; 30_000];
        recording.extend(said.iter().map(|sample| sample * 0.7));
        recording.extend(vec![0.0; 50_000]);
        let at = find(&said, &recording).unwrap();
        assert!(at.abs_diff(30_000) <= STEP, "{at}");
    }

    #[test]
    fn what_was_not_said_is_not_found() {
        assert_eq!(find(&babble(1, 8), &babble(2, 12)), None);
        assert_eq!(find(&babble(1, 8), &vec![0.0; 12 * RATE]), None);
    }
}
