//! Speech through bad networks.

use super::{Stage, pesq, rows::Rows, speech};
use crate::{failure::Failure, figures::rounded};
use clap::Args;
use serde::Serialize;
use snug_engine::codec::{Decode as _, Decoder, Encoder, Encoding};
use std::path::PathBuf;

/// Flags of the section.
#[derive(Args, Debug)]
#[group(id = "loss")]
pub(crate) struct Flags {
    /// The Python that has the package `pesq`: scripts/setup voice makes one.
    #[arg(long, env = "SNUG_PESQ_PYTHON", default_value = "python3", value_name = "PROGRAM")]
    python: PathBuf,
    /// Opus, in bits per second.
    #[arg(long, default_value_t = 28_000)]
    bitrate: u32,
}

/// What has been found out.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    /// What Opus itself leaves of the speech, without a network, in each mode.
    pesq_codec: Rows<Option<f64>>,
}

pub(super) async fn measure(stage: &Stage, flags: &Flags) -> Result<Figures, Failure> {
    let mut said = speech::speak(&stage.folder)?;
    if stage.quick {
        said.truncate(10 * speech::RATE);
    }
    let decoded = through_codec(&said, flags.bitrate)?;
    let pairs: Vec<_> = pesq::pair(&stage.folder, "codec", &said, &decoded)?.into_iter().collect();
    let mut pesq_codec = Rows::default();
    for score in pesq::score(&flags.python, &pairs).await? {
        *pesq_codec.at("nb") = score.nb.map(rounded);
        *pesq_codec.at("wb") = score.wb.map(rounded);
    }
    stage.say(format_args!("Opus by itself: {pesq_codec:?}"));
    Ok(Figures { pesq_codec })
}

/// What comes out of Opus.
fn through_codec(said: &[f32], bitrate: u32) -> Result<Vec<f32>, Failure> {
    let mut encoder = Encoder::new(Encoding { bitrate, ..Encoding::default() })?;
    let mut decoder = Decoder::new()?;
    let mut sound = Vec::with_capacity(said.len());
    for frame in said.chunks_exact(960) {
        decoder.decode(encoder.encode(frame)?, &mut sound);
    }
    Ok(sound)
}
