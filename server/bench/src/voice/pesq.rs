//! How good speech is to ears: PESQ (ITU-T P.862), by the reference implementation that the Python package `pesq` compiles.

use super::speech::{self, RATE};
use crate::failure::Failure;
use hound::{SampleFormat, WavSpec, WavWriter};
use serde::Deserialize;
use snug_engine::drift::resample;
use std::{
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::process::Command;

/// Of both.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
pub(crate) struct Score {
    /// Narrow band (P.862.1), 1.02 to 4.55: as by telephone, 300 to 3,400 Hz.
    pub(crate) nb: Option<f64>,
    /// Wide band (P.862.2), 1.04 to 4.64: 50 to 7,000 Hz.
    pub(crate) wb: Option<f64>,
}

/// The script that calls the package.
const SCRIPT: &str = include_str!("pesq.py");
/// What both files are at.
const PESQ_RATE: usize = 16_000;
/// Before and after what was said, so that what is late is not cut off.
const MARGIN: usize = RATE / 2;

/// A recording, and what was said in it, as PESQ takes them.
#[derive(Debug)]
pub(crate) struct Pair {
    said: PathBuf,
    heard: PathBuf,
}

/// Writes down a pair. Nothing if what was said is not found in the recording.
pub(crate) fn pair(folder: &Path, name: &str, said: &[f32], recording: &[f32]) -> Result<Option<Pair>, Failure> {
    let Some(at) = speech::find(said, recording) else {
        return Ok(None);
    };
    let length = said.len() + 2 * MARGIN;
    let around = |sound: &[f32], start: isize| -> Vec<f32> {
        (0..length as isize).map(|i| usize::try_from(start + i).ok().and_then(|i| sound.get(i)).copied().unwrap_or(0.0)).collect()
    };
    let pair = Pair { said: folder.join("reference.wav"), heard: folder.join(format!("{name}.16k.wav")) };
    write(&pair.said, &around(said, -(MARGIN as isize)))?;
    write(&pair.heard, &around(recording, at as isize - MARGIN as isize))?;
    Ok(Some(pair))
}

fn write(path: &Path, sound: &[f32]) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::Tool { program: "the recorder", said: format!("{}: {error}", path.display()) };
    let sound = resample(sound, RATE as u32, PESQ_RATE as u32).map_err(|error| failed(&error))?;
    let spec = WavSpec { channels: 1, sample_rate: PESQ_RATE as u32, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut writer = WavWriter::create(path, spec).map_err(|error| failed(&error))?;
    for sample in sound {
        writer.write_sample((sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)).round() as i16).map_err(|error| failed(&error))?;
    }
    writer.finalize().map_err(|error| failed(&error))
}

/// Scores pairs, in their order.
pub(crate) async fn score(python: &Path, pairs: &[Pair]) -> Result<Vec<Score>, Failure> {
    let failed = |said: String| Failure::Tool { program: "PESQ", said };
    let files = pairs.iter().flat_map(|pair| [&pair.said, &pair.heard]);
    let output = Command::new(python).arg("-c").arg(SCRIPT).args(files).stdin(Stdio::null()).output().await;
    let output = output.map_err(|error| failed(format!("{}: {error}; scripts/setup voice installs it", python.display())))?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let lines = String::from_utf8_lossy(&output.stdout);
    let scores: Vec<Score> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>().map_err(|error| failed(error.to_string()))?;
    if scores.len() == pairs.len() { Ok(scores) } else { Err(failed(format!("{} scores for {} recordings", scores.len(), pairs.len()))) }
}
