//! How good speech is to ears: PESQ (ITU-T P.862), by the reference implementation that the Python package `pesq` compiles.

use super::speech::{self, RATE};
use crate::failure::Failure;
use clap::ValueEnum;
use hound::{SampleFormat, WavSpec, WavWriter};
use serde::Deserialize;
use snug_engine::drift::resample;
use std::{
    num::NonZero,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
};
use tokio::process::{Child, Command};

/// What PESQ listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// 300 to 3,400 Hz, as by telephone (P.862.1).
    Nb,
    /// 50 to 7,000 Hz (P.862.2).
    Wb,
}

impl Mode {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Wb => "wb",
        }
    }
}

/// In both modes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub(crate) struct Score {
    /// 1.02 to 4.55.
    pub(crate) nb: f64,
    /// 1.04 to 4.64.
    pub(crate) wb: f64,
}

impl Score {
    /// As bad as can be.
    pub(crate) const WORST: Self = Self { nb: 1.02, wb: 1.04 };

    pub(crate) fn of(self, mode: Mode) -> f64 {
        match mode {
            Mode::Nb => self.nb,
            Mode::Wb => self.wb,
        }
    }
}

/// The script that calls the package.
const SCRIPT: &str = include_str!("pesq.py");
/// What both files are at.
const PESQ_RATE: usize = 16_000;
/// Before and after what was said, so that what is late is not cut off.
const MARGIN: usize = RATE / 2;

/// A recording, and what was said in it, as PESQ takes them.
#[derive(Clone, Debug)]
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

/// Scores pairs, in their order; some at once.
pub(crate) async fn score(python: &Path, pairs: &[Pair]) -> Result<Vec<Score>, Failure> {
    let at_once = thread::available_parallelism().map_or(1, NonZero::get);
    let share = pairs.len().div_ceil(at_once).max(1);
    let runs: Vec<_> = pairs.chunks(share).map(|pairs| Ok((pairs, start(python, pairs)?))).collect::<Result<_, Failure>>()?;
    let mut scores = Vec::new();
    for (pairs, run) in runs {
        let output = run.wait_with_output().await.map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        let lines = String::from_utf8_lossy(&output.stdout);
        let found: Vec<Option<Score>> =
            lines.lines().map(serde_json::from_str).collect::<Result<_, _>>().map_err(|error| failed(error.to_string()))?;
        if found.len() != pairs.len() {
            return Err(failed(format!("{} scores for {} recordings", found.len(), pairs.len())));
        }
        scores.extend(found.into_iter().map(|score| score.unwrap_or(Score::WORST)));
    }
    Ok(scores)
}

fn start(python: &Path, pairs: &[Pair]) -> Result<Child, Failure> {
    let files = pairs.iter().flat_map(|pair| [&pair.said, &pair.heard]);
    let mut command = Command::new(python);
    command.arg("-c").arg(SCRIPT).args(files).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command.spawn().map_err(|error| failed(format!("{}: {error}; scripts/setup voice installs it", python.display())))
}

fn failed(said: String) -> Failure {
    Failure::Tool { program: "PESQ", said }
}
