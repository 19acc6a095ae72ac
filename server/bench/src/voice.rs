//! Voice as people hear it: between two engines and between two browsers, through the same server, in the same run.
//!
//! It has sections, each a module that measures and gives figures. The figures of all sections are the keys of one object. A new
//! section is a [`Section`], a module with a `measure`, and a field of [`Report`].

mod browser;
mod call;
mod cases;
mod clicks;
pub(crate) mod cost;
mod latency;
mod leg;
mod loss;
mod native;
mod network;
mod peer;
mod pesq;
mod relay;
mod rows;
mod speech;
mod watch;

use crate::failure::Failure;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::path::PathBuf;
use tempfile::TempDir;

/// Flags of `scripts/bench voice`.
#[derive(Args, Debug)]
pub(crate) struct Flags {
    /// Print the JSON object only.
    #[arg(long)]
    json: bool,
    /// Measure this part only. Can be said more than once.
    #[arg(long, value_enum)]
    only: Vec<Section>,
    /// Few rows, once each: to see that it works.
    #[arg(long)]
    quick: bool,
    /// Keep recordings in this folder, for people to listen to.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    #[command(flatten)]
    loss: loss::Flags,
    #[command(flatten)]
    latency: latency::Flags,
}

/// A part of what is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Section {
    /// Speech through lost, late, swapped and doubled packets.
    Loss,
    /// Mouth to ear, on real devices.
    Latency,
    /// Processor time and memory.
    Cost,
}

/// Where a section measures.
struct Stage {
    /// Say nothing but figures.
    json: bool,
    quick: bool,
    /// For recordings.
    folder: PathBuf,
    /// Removes the folder at the end, unless it is to be kept.
    _temporary: Option<TempDir>,
}

impl Stage {
    fn new(flags: &Flags) -> Result<Self, Failure> {
        let fail = Failure::io("make a folder for recordings");
        let (folder, temporary) = match &flags.keep {
            Some(folder) => {
                std::fs::create_dir_all(folder).map_err(&fail)?;
                // Others work in other folders.
                (folder.canonicalize().map_err(fail)?, None)
            }
            None => {
                let temporary = tempfile::tempdir().map_err(fail)?;
                (temporary.path().to_owned(), Some(temporary))
            }
        };
        Ok(Self { json: flags.json, quick: flags.quick, folder, _temporary: temporary })
    }

    /// Tells how it goes.
    fn say(&self, words: std::fmt::Arguments<'_>) {
        if !self.json {
            eprintln!("{words}");
        }
    }
}

/// All figures, as one object.
#[derive(Debug, Default, Serialize)]
struct Report {
    #[serde(flatten)]
    loss: Option<loss::Figures>,
    #[serde(flatten)]
    latency: Option<latency::Figures>,
    #[serde(flatten)]
    cost: Option<cost::Figures>,
}

pub(crate) async fn run(flags: Flags) -> Result<(), Failure> {
    let stage = Stage::new(&flags)?;
    let wanted = |section| flags.only.is_empty() || flags.only.contains(&section);
    let mut report = Report::default();
    if wanted(Section::Loss) {
        report.loss = Some(loss::measure(&stage, &flags.loss).await?);
    }
    if wanted(Section::Latency) {
        report.latency = Some(latency::measure(&stage, &flags.latency).await?);
    }
    if wanted(Section::Cost) {
        report.cost = Some(cost::measure(&stage).await?);
    }
    println!("{}", serde_json::to_string(&report).expect("figures have string keys only"));
    Ok(())
}
