//! What each one says, and whether it is in what somebody heard.

use crate::failure::Failure;
use snug_engine::{
    device::wav,
    sound::{RATE, rms},
};
use std::{path::Path, process::Command};

/// How long each one's words are, in samples at 48 kHz.
pub(super) const LENGTH: usize = 3 * RATE as usize;
/// What is compared keeps one of so many samples: 2 kHz.
const STEP: usize = 24;
/// The length of a piece that is looked for: 0.75 s. Long enough to be unlike anything else, short enough to stay together where a
/// jitter buffer stretches time.
const PIECE: usize = 1_500;
/// How late a piece may be: 1.2 s.
const LATEST: usize = 2_400;
/// By how much pieces after the first may be later or earlier than it: 0.15 s.
const STRETCH: usize = 300;
/// Pieces without speech say nothing.
const QUIET: f32 = 0.02;

const SENTENCES: [&str; 10] = [
    "The birch canoe slid on the smooth planks, and nobody was there.",
    "Glue the sheet to the dark blue background before you leave.",
    "It is easy to tell the depth of a well by the sound of a stone.",
    "These days a chicken leg is a rare dish in this house.",
    "Rice is often served in round bowls, with something green beside.",
    "The juice of lemons makes fine punch for a cold evening.",
    "The box was thrown beside the parked truck last Thursday.",
    "The hogs were fed chopped corn and garbage every morning.",
    "Four hours of steady work faced us when the lamp went out.",
    "A large size in stockings is hard to sell in the winter.",
];
const VOICES: [&str; 8] = ["m1", "f2", "m3", "f4", "m5", "f3", "m7", "f1"];

/// What the one with this number says: everyone's is another's neither in voice nor in words.
pub(super) fn speak(number: usize, folder: &Path) -> Result<Vec<f32>, Failure> {
    let path = folder.join(format!("{number}.wav"));
    let (voice, sentence) = (VOICES[number % VOICES.len()], SENTENCES[number % SENTENCES.len()]);
    let pitch = (30 + number * 7 % 50).to_string();
    let mut command = Command::new("espeak-ng");
    command.args(["-v", &format!("en-us+{voice}"), "-p", &pitch, "-w"]).arg(&path).arg(sentence);
    let output = command.output().map_err(Failure::io("let espeak-ng speak: scripts/setup voice installs it"))?;
    if !output.status.success() {
        return Err(Failure::Tool { program: "espeak-ng", said: String::from_utf8_lossy(&output.stderr).into_owned() });
    }
    let mut said = wav::read(&path)?;
    said.resize(LENGTH, 0.0);
    Ok(said)
}

/// How alike what was said and what was heard are: about 1 where it is there alone, above 0.4 with another's words over it, below
/// 0.3 where it is not there. It may be up to [`LATEST`] late.
pub(super) fn likeness(said: &[f32], heard: &[f32]) -> f32 {
    let (said, heard) = (lower(said), lower(heard));
    let mut near: Option<usize> = None;
    let mut found = Vec::new();
    for (number, piece) in said.chunks_exact(PIECE).enumerate().filter(|(_, piece)| rms(piece) > QUIET) {
        let lags = near.map_or(0..=LATEST, |lag| lag.saturating_sub(STRETCH)..=(lag + STRETCH).min(LATEST));
        let best =
            lags.filter_map(|lag| Some((lag, alike(piece, heard.get(number * PIECE + lag..)?.get(..PIECE)?)))).max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((lag, best)) = best {
            // One that was drowned says nothing of where the others are.
            if best > 0.5 {
                near.get_or_insert(lag);
            }
            found.push(best);
        }
    }
    // All but the worst piece have to be there: one may have been concealed.
    found.sort_unstable_by(|a, b| b.total_cmp(a));
    found.truncate(found.len().saturating_sub(1).max(1));
    if found.is_empty() { 0.0 } else { found.iter().sum::<f32>() / found.len() as f32 }
}

/// Normalised cross-correlation at one place.
fn alike(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 3];
    for (a, b) in a.iter().zip(b) {
        sums[0] += a * b;
        sums[1] += a * a;
        sums[2] += b * b;
    }
    // What is nearly silent is like nothing.
    sums[0].abs() / (sums[1] * sums[2]).sqrt().max(1e-3)
}

/// Lowers the rate by means, which take out most of what is above.
fn lower(sound: &[f32]) -> Vec<f32> {
    sound.chunks_exact(STEP).map(|step| step.iter().sum::<f32>() / STEP as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_also_under_others_and_late_and_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other, third] = [0, 1, 2].map(|number| speak(number, folder.path()).unwrap());
        let mut heard = vec![0.0; 20_000];
        heard.extend(one.iter().zip(&other).map(|(a, b)| 0.5 * a + 0.5 * b));
        heard.extend(vec![0.0; 48_000]);
        let found = [&one, &other, &third].map(|said| likeness(said, &heard));
        assert!(found[0] > 0.45 && found[1] > 0.45, "{found:?}");
        assert!(found[2] < 0.3, "{found:?}");
        assert!(likeness(&one, &vec![0.0; 5 * 48_000]) < 0.1);
    }
}
