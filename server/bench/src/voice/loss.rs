//! Speech through bad networks: the same speech, the same losses and the same bitrate for engines and browsers, scored by PESQ.

use super::{
    Stage,
    browser::Browser,
    call::{Line, Plan, Where},
    cases::{CASES, Case},
    leg::Counts,
    native,
    pesq::{self, Mode, Pair, Score},
    rows::Rows,
    speech,
    watch::Watch,
};
use crate::{
    api::{Api, Home},
    failure::Failure,
    figures::rounded,
    process::{self, Program, Server},
};
use clap::{Args, ValueEnum};
use serde::Serialize;
use snug_engine::codec::{Decode as _, Decoder, Encoder, Encoding};
use snug_protocol::voice::OpusSettings;
use std::{path::PathBuf, rc::Rc};
use tokio::{sync::Semaphore, task::JoinSet};

/// Flags of the section.
#[derive(Args, Clone, Debug)]
#[group(id = "loss")]
pub(crate) struct Flags {
    /// The server's program; the one beside this one, without it.
    #[arg(long, value_name = "PROGRAM")]
    server: Option<PathBuf>,
    /// The Python that has the package `pesq`: scripts/setup voice makes one.
    #[arg(long, env = "SNUG_PESQ_PYTHON", default_value = "python3", value_name = "PROGRAM")]
    python: PathBuf,
    /// The folder of the web app, with the program that drives Chromium.
    #[arg(long, default_value = "ui", value_name = "FOLDER")]
    ui: PathBuf,
    /// Opus, in bits per second.
    #[arg(long, default_value_t = 28_000)]
    bitrate: u32,
    /// The mode of PESQ that `mos` is of: narrow band (P.862.1) or wide band (P.862.2). Both are given beside it.
    #[arg(long, value_enum, default_value_t = Mode::Wb)]
    mode: Mode,
    /// How many seeds each row is tried with.
    #[arg(long, default_value_t = 3)]
    seeds: u64,
    /// Only rows of these names. Can be said more than once.
    #[arg(long, value_name = "NAME")]
    row: Vec<String>,
    /// Only these sides. Can be said more than once.
    #[arg(long, value_enum)]
    side: Vec<Side>,
    /// Calls of engines at once.
    #[arg(long, default_value_t = 6)]
    engines: usize,
    /// Calls of browsers at once.
    #[arg(long, default_value_t = 2)]
    browsers: usize,
}

/// Who calls, and where the network is bad: on the listener's leg only, or on both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Side {
    Engine,
    /// As the web app sets it up: RED preferred.
    Chromium,
    /// Opus with its own repair data, as without the app.
    ChromiumPlain,
    EngineBoth,
    ChromiumBoth,
    ChromiumPlainBoth,
}

/// What calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    Engine,
    Browser { red: bool },
}

impl Side {
    const ALL: [Self; 6] = [Self::Engine, Self::Chromium, Self::ChromiumPlain, Self::EngineBoth, Self::ChromiumBoth, Self::ChromiumPlainBoth];

    fn name(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Chromium => "chromium",
            Self::ChromiumPlain => "chromium_plain",
            Self::EngineBoth => "engine_both",
            Self::ChromiumBoth => "chromium_both",
            Self::ChromiumPlainBoth => "chromium_plain_both",
        }
    }

    fn caller(self) -> Caller {
        match self {
            Self::Engine | Self::EngineBoth => Caller::Engine,
            Self::Chromium | Self::ChromiumBoth => Caller::Browser { red: true },
            Self::ChromiumPlain | Self::ChromiumPlainBoth => Caller::Browser { red: false },
        }
    }

    fn place(self) -> Where {
        match self {
            Self::Engine | Self::Chromium | Self::ChromiumPlain => Where::Listener,
            Self::EngineBoth | Self::ChromiumBoth | Self::ChromiumPlainBoth => Where::Both,
        }
    }
}

/// What has been found out. Rows of rows are of sides, and in them of networks.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Figures {
    /// The mean over the seeds, in the mode that was asked for.
    mos: Rows<Rows<f64>>,
    /// Of `mos`.
    mos_mode: &'static str,
    /// What each seed gave, in that mode.
    mos_seeds: Rows<Rows<Vec<f64>>>,
    /// The mean in narrow band (P.862.1).
    mos_nb: Rows<Rows<f64>>,
    /// And in wide band (P.862.2).
    mos_wb: Rows<Rows<f64>>,
    /// What Opus itself leaves of the speech, without a network, in each mode.
    mos_codec: Rows<f64>,
    /// What Opus was told, in kb/s.
    opus_kbps: f64,
    /// What the server sent to the listener, all media in UDP, what was lost too, in kb/s.
    wire_kbps: Rows<Rows<f64>>,
    /// What of it was lost, in percent of the packets.
    lost_percent: Rows<Rows<f64>>,
    /// Calls for which this machine was too busy, of those that count.
    disturbed_calls: Rows<u32>,
    /// How often this machine woke a thread more than 10 ms late during the calls, in thousandths. Beyond a few, figures are too low.
    late_wakings_permille: Rows<f64>,
}

/// How often a call is tried that does not come about, or for which this machine was too busy.
const TRIES: u32 = 3;

/// What calls need.
struct Ground {
    flags: Flags,
    folder: PathBuf,
    json: bool,
    server: Server,
    home: Home,
    said: Vec<f32>,
    browser: Option<Browser>,
}

/// A call that was made.
struct Made {
    row: &'static str,
    counts: Counts,
    whole: bool,
    heard: Option<Pair>,
}

pub(super) async fn measure(stage: &Stage, flags: &Flags) -> Result<Figures, Failure> {
    let said = speech::speak(&stage.folder)?;
    let mut figures = Figures { mos_mode: flags.mode.name(), opus_kbps: f64::from(flags.bitrate) / 1e3, ..Figures::default() };
    let decoded = through_codec(&said, flags.bitrate)?;
    let pair = pesq::pair(&stage.folder, "codec", &said, &decoded)?.ok_or(Failure::Garbled("speech that its own codec makes unknown"))?;
    for score in pesq::score(&flags.python, &[pair]).await? {
        *figures.mos_codec.at("nb") = rounded(score.nb);
        *figures.mos_codec.at("wb") = rounded(score.wb);
    }
    stage.say(format_args!("Opus by itself: {:?}", figures.mos_codec));

    let sides: Vec<Side> = Side::ALL.into_iter().filter(|side| flags.side.is_empty() || flags.side.contains(side)).collect();
    let rows: Vec<&Case> = CASES.iter().filter(|case| wanted(case, stage.quick, &flags.row)).collect();
    let binary = flags.server.clone().unwrap_or_else(|| process::sibling(None));
    let binary = process::existing(binary, "cargo build --release --package snug-server")?;
    let data = tempfile::tempdir().map_err(Failure::io("make a folder for the server"))?;
    let server = Program::new(&binary, &data.path().join("data")).start().await?;
    let home = Api::connect(server.address).await?.settle().await?;
    let browses = sides.iter().any(|side| side.caller() != Caller::Engine);
    let browser = browses.then(|| Browser::start(&flags.ui, &stage.folder, &said)).transpose()?;
    let ground = Rc::new(Ground { flags: flags.clone(), folder: stage.folder.clone(), json: stage.json, server, home, said, browser });
    let seeds = if stage.quick { 1 } else { flags.seeds };
    for side in sides {
        let watch = Watch::start().map_err(Failure::io("watch this machine"))?;
        let made = calls(&ground, side, &rows, seeds).await?;
        *figures.late_wakings_permille.at(side.name()) = rounded(watch.late_permille());
        drop(watch);
        // With nobody in a call any more: it takes all of the processor.
        let pairs: Vec<Pair> = made.iter().filter_map(|made| made.heard.clone()).collect();
        let mut scores = pesq::score(&flags.python, &pairs).await?.into_iter();
        for made in made {
            // Speech that is not to be found in what was heard is as bad as can be.
            let score = made.heard.as_ref().and_then(|_| scores.next()).unwrap_or(Score::WORST);
            figures.take(side, &made, score, flags.mode);
        }
        figures.average(side, &rows, seeds, flags.mode);
        stage.say(format_args!("{}: {:?}", side.name(), figures.mos.at(side.name())));
    }
    Ok(figures)
}

fn wanted(case: &Case, quick: bool, names: &[String]) -> bool {
    if names.is_empty() { case.quick || !quick } else { names.iter().any(|name| name == case.name) }
}

/// All calls of a side, some at once, in the order of the rows.
async fn calls(ground: &Rc<Ground>, side: Side, rows: &[&'static Case], seeds: u64) -> Result<Vec<Made>, Failure> {
    let at_once = match side.caller() {
        Caller::Engine => ground.flags.engines,
        Caller::Browser { .. } => ground.flags.browsers,
    };
    let places = Rc::new(Semaphore::new(at_once.max(1)));
    let mut calls = JoinSet::new();
    for (number, (case, seed)) in rows.iter().flat_map(|case| (1..=seeds).map(move |seed| (*case, seed))).enumerate() {
        let (ground, places) = (ground.clone(), places.clone());
        calls.spawn_local(async move {
            let _place = places.acquire().await;
            (number, ground.call(side, case, seed).await)
        });
    }
    let mut made = Vec::new();
    while let Some(call) = calls.join_next().await {
        let (number, call) = call.map_err(|_| Failure::Garbled("a call that panicked"))?;
        made.push((number, call?));
    }
    made.sort_by_key(|(number, _)| *number);
    Ok(made.into_iter().map(|(_, made)| made).collect())
}

impl Ground {
    async fn call(&self, side: Side, case: &'static Case, seed: u64) -> Result<Made, Failure> {
        let mut tries = 1;
        loop {
            let name = format!("{}_{}_{seed}_{tries}", side.name(), case.name);
            match self.attempt(side, case, seed, name).await {
                Ok(made) if made.whole || tries == TRIES => return Ok(made),
                Err(failure) if tries == TRIES => return Err(failure),
                Ok(made) => self.say(&format!("{} {seed}: this machine was too busy", made.row)),
                Err(failure) => self.say(&failure.to_string()),
            }
            tries += 1;
        }
    }

    async fn attempt(&self, side: Side, case: &'static Case, seed: u64, name: String) -> Result<Made, Failure> {
        let opus = OpusSettings { bitrate: self.flags.bitrate, dtx: false, fec: true };
        let plan = Plan { name: name.clone(), conditions: case.conditions, place: side.place(), seed };
        let line = Line::lay(self.server.address, &self.home, opus, plan).await?;
        let heard = match (side.caller(), &self.browser) {
            (Caller::Browser { red }, Some(browser)) => browser.talk(self.server.address, &self.home, &line, red).await?,
            (Caller::Engine | Caller::Browser { .. }, _) => {
                let (heard, stats) = native::talk(self.server.address, &line, &self.said).await?;
                self.say(&format!("{name}: {stats:?}"));
                heard
            }
        };
        // All of the speech must have been on the leg while the leg was bad.
        let enough = self.said.len() * 9 / 10;
        if (heard.counts.samples as usize) < enough {
            return Err(line.failed("not all that was said came to the relay"));
        }
        let pair = pesq::pair(&self.folder, &name, &self.said, &heard.recording)?;
        let lost = 100.0 * heard.counts.lost as f64 / heard.counts.packets.max(1) as f64;
        self.say(&format!("{name}: {} packets, {lost:.1} % lost", heard.counts.packets));
        Ok(Made { row: case.name, counts: heard.counts, whole: heard.whole, heard: pair })
    }

    fn say(&self, words: &str) {
        if !self.json {
            eprintln!("{words}");
        }
    }
}

impl Figures {
    /// Adds up.
    fn take(&mut self, side: Side, made: &Made, score: Score, mode: Mode) {
        let (side, row) = (side.name(), made.row);
        self.mos_seeds.at(side).at(row).push(rounded(score.of(mode)));
        *self.mos_nb.at(side).at(row) += score.nb;
        *self.mos_wb.at(side).at(row) += score.wb;
        let seconds = f64::from(made.counts.samples.max(1)) / speech::RATE as f64;
        *self.wire_kbps.at(side).at(row) += made.counts.bytes as f64 * 8.0 / seconds / 1e3;
        *self.lost_percent.at(side).at(row) += 100.0 * made.counts.lost as f64 / made.counts.packets.max(1) as f64;
        *self.disturbed_calls.at(side) += u32::from(!made.whole);
    }

    /// Makes means of sums.
    fn average(&mut self, side: Side, rows: &[&Case], seeds: u64, mode: Mode) {
        let side = side.name();
        for row in rows {
            for sums in [&mut self.mos_nb, &mut self.mos_wb, &mut self.wire_kbps, &mut self.lost_percent] {
                let sum = sums.at(side).at(row.name);
                *sum = rounded(*sum / seeds as f64);
            }
            *self.mos.at(side).at(row.name) = match mode {
                Mode::Nb => *self.mos_nb.at(side).at(row.name),
                Mode::Wb => *self.mos_wb.at(side).at(row.name),
            };
        }
    }
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
