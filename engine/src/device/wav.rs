//! WAV files, read and written at the engine's rate.

use crate::{
    drift::{DriftError, resample},
    sound::RATE,
};
use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

/// What could not be done with a file.
#[derive(Debug, thiserror::Error)]
pub enum WavError {
    /// It could not be read or written.
    #[error("could not use the sound file `{path}`", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        reason: hound::Error,
    },
    /// Its rate is strange.
    #[error("could not resample the sound file `{path}`", path = path.display())]
    Rate {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        reason: DriftError,
    },
}

/// Reads a file: its channels are mixed, its rate becomes 48 kHz.
pub fn read(path: &Path) -> Result<Vec<f32>, WavError> {
    let failed = |reason| WavError::File { path: path.to_owned(), reason };
    let mut reader = WavReader::open(path).map_err(failed)?;
    let spec = reader.spec();
    let samples: Vec<f32> = match spec.sample_format {
        SampleFormat::Float => reader.samples::<f32>().collect::<Result<_, _>>(),
        SampleFormat::Int => {
            let scale = 1.0 / (1i64 << (spec.bits_per_sample - 1)) as f32;
            reader.samples::<i32>().map(|sample| sample.map(|sample| sample as f32 * scale)).collect()
        }
    }
    .map_err(failed)?;
    let channels = usize::from(spec.channels.max(1));
    let mono: Vec<f32> = samples.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32).collect();
    resample(&mono, spec.sample_rate, RATE).map_err(|reason| WavError::Rate { path: path.to_owned(), reason })
}

/// A file that is being written: one channel, 48 kHz, 16 bits.
pub struct Recording {
    path: PathBuf,
    writer: WavWriter<BufWriter<File>>,
}

impl std::fmt::Debug for Recording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recording").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Recording {
    /// Begins a file, in the place of one that is there.
    pub fn create(path: &Path) -> Result<Self, WavError> {
        let spec = WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let path = path.to_owned();
        match WavWriter::create(&path, spec) {
            Ok(writer) => Ok(Self { path, writer }),
            Err(reason) => Err(WavError::File { path, reason }),
        }
    }

    /// Appends.
    pub fn write(&mut self, sound: &[f32]) -> Result<(), WavError> {
        sound
            .iter()
            .try_for_each(|sample| {
                let sample = (sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)).round();
                self.writer.write_sample(sample as i16)
            })
            .map_err(|reason| self.failed(reason))
    }

    /// Writes down how long the file is, so that it can be read although more may follow.
    pub fn flush(&mut self) -> Result<(), WavError> {
        self.writer.flush().map_err(|reason| self.failed(reason))
    }

    fn failed(&self, reason: hound::Error) -> WavError {
        WavError::File { path: self.path.clone(), reason }
    }
}
