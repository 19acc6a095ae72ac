//! Speech for tests, and measures of it.
#![allow(dead_code)] // Each test uses a part of it.

pub(crate) mod relay;

use snug_engine::device::wav;
use std::process::Command;

/// Two sentences of the Harvard list, so often that they last.
pub(crate) const SENTENCES: &str = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. \
    It is easy to tell the depth of a well. These days a chicken leg is a rare dish. \
    Rice is often served in round bowls. The juice of lemons makes fine punch.";

/// Lets espeak-ng say something. `voice` as it lists them (`en-us`, `en-gb+f3`).
pub(crate) fn speech(voice: &str, text: &str) -> Vec<f32> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("speech.wav");
    let status = Command::new("espeak-ng")
        .args(["-v", voice, "-w"])
        .arg(&path)
        .arg(text)
        .status()
        .expect("espeak-ng speaks in the tests: scripts/setup test installs it");
    assert!(status.success());
    wav::read(&path).unwrap()
}

/// Energy of a stretch of sound.
pub(crate) fn energy(sound: &[f32]) -> f64 {
    sound.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / sound.len().max(1) as f64
}

/// A ratio of energies in decibels.
pub(crate) fn db(ratio: f64) -> f64 {
    10.0 * ratio.max(1e-12).log10()
}

/// The same numbers for the same seed.
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    /// From 0 to 1 (xorshift64*).
    pub(crate) fn next(&mut self) -> f32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40) as f32 / (1u64 << 24) as f32
    }
}

/// How alike the loudness of two sounds is over time, wherever the parts of the one begin in the other: 1 for the same.
/// Pearson's correlation of levels over 20 ms, of one second each: between words a jitter buffer may wait longer than before.
pub(crate) fn likeness(speech: &[f32], recording: &[f32]) -> f64 {
    const STEP: usize = 960;
    const PART: usize = 50;
    let levels = |sound: &[f32]| sound.chunks_exact(STEP).map(|block| energy(block).sqrt()).collect::<Vec<_>>();
    let (speech, recording) = (levels(speech), levels(recording));
    let parts = speech.chunks_exact(PART).enumerate().map(|(number, part)| {
        // As late as it may be: a second.
        let windows = recording[(number * PART).min(recording.len())..].windows(PART).take(2 * PART);
        windows.map(|window| correlation(part, window)).fold(0.0, f64::max)
    });
    let parts: Vec<f64> = parts.collect();
    parts.iter().sum::<f64>() / parts.len().max(1) as f64
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut both, mut of_a, mut of_b) = (0.0, 1e-12, 1e-12);
    for (a, b) in a.iter().zip(b) {
        both += (a - mean_a) * (b - mean_b);
        of_a += (a - mean_a).powi(2);
        of_b += (b - mean_b).powi(2);
    }
    both / (of_a * of_b).sqrt()
}
