//! `snug-bench durability`: a server killed again and again while it writes, and inside every step of its migrations.
//!
//! A kill takes the process, not the machine: what the kernel had taken is still there afterwards. It shows that
//! nothing is acknowledged before its transaction is, that a retry finds what is there, and that a database is whole
//! wherever its writer stopped; that a commit is on the disk before it is acknowledged is SQLite's `synchronous=FULL`.

mod check;
mod kill;
mod ledger;
mod migrations;
mod writer;

use crate::{
    api::Api,
    failure::Failure,
    figures::rounded,
    process::{self, Program},
    random::Random,
};
use ledger::Ledger;
use serde::Serialize;
use std::{
    cell::RefCell,
    path::PathBuf,
    rc::Rc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};
use tokio::task::JoinSet;
use writer::Writer;

/// People who write, each in every channel.
const WRITERS: usize = 12;
/// Channels beside the first.
const CHANNELS: [&str; 2] = ["second", "third"];

/// How long to go on, and with what.
#[derive(Debug, clap::Args)]
pub(crate) struct Flags {
    /// Print the JSON object only.
    #[arg(long)]
    json: bool,
    /// Kills, at least [default: 200, or 12 with --short].
    #[arg(long, value_name = "N")]
    kills: Option<u32>,
    /// Acknowledged messages, at least [default: 10000, or 600 with --short].
    #[arg(long, value_name = "N")]
    messages: Option<usize>,
    /// What the moments of the kills follow from [default: another one each time].
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// A run for every day: fewer kills, and one of each kind in each migration.
    #[arg(long)]
    short: bool,
    /// The server's program [default: the one beside this one].
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
    /// A debug build of it, which can be told where to die [default: from the folder `debug` beside this program's].
    #[arg(long, value_name = "PATH")]
    debug_binary: Option<PathBuf>,
}

/// What came of it.
#[derive(Debug, Serialize)]
struct Figures {
    /// Kills while it wrote or started.
    kills: u32,
    /// Messages that were acknowledged.
    acknowledged: usize,
    /// Those of them that are not there.
    lost: usize,
    /// Messages that are there more than once, acknowledged or not.
    doubled: usize,
    /// Deaths inside migrations.
    migration_kills: u32,
    /// What SQLite says of the database.
    integrity: String,
    /// How long it all took.
    seconds: f64,
}

/// Kills, looks, and prints what came of it. A broken promise is a failure.
pub(crate) async fn run(flags: Flags) -> Result<(), Failure> {
    let started = Instant::now();
    let binary = process::existing(flags.binary.clone().unwrap_or_else(|| process::sibling(None)), "cargo build -p snug-server")?;
    let debug = process::existing(flags.debug_binary.clone().unwrap_or_else(|| process::sibling(Some("debug"))), "cargo build -p snug-server")?;
    let (kills, messages) = if flags.short { (12, 600) } else { (200, 10_000) };
    let (kills, messages) = (flags.kills.unwrap_or(kills), flags.messages.unwrap_or(messages));
    let seed = flags.seed.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()));
    eprintln!("seed {seed}");
    let mut random = Random::new(seed);

    let folder = tempfile::tempdir().map_err(Failure::io("make a folder"))?;
    let program = Program::new(&binary, &folder.path().join("data"));
    let (ledger, kills) = write_and_kill(program.clone(), &mut random, kills, messages).await?;
    let found = check::look(&program, &ledger).await?;
    let migration_kills = migrations::run(&binary, &debug, folder.path(), &mut random, flags.short).await?;

    let figures = Figures {
        kills,
        acknowledged: ledger.acknowledged.len(),
        lost: found.lost,
        doubled: found.doubled,
        migration_kills,
        integrity: found.integrity,
        seconds: rounded(started.elapsed().as_secs_f64()),
    };
    if !flags.json {
        eprintln!("{figures:#?}");
    }
    println!("{}", serde_json::to_string(&figures).expect("figures have string keys only"));
    let mut broken = ledger.broken;
    broken.extend(found.broken);
    if broken.is_empty() { Ok(()) } else { Err(Failure::Broken(broken)) }
}

async fn write_and_kill(program: Program, random: &mut Random, kills: u32, messages: usize) -> Result<(Ledger, u32), Failure> {
    let server = program.start().await?;
    let program = program.at(server.address);
    let mut api = Api::connect(server.address).await?;
    let home = api.settle().await?;
    let mut channels = vec![home.channel];
    for name in CHANNELS {
        channels.push(api.make_channel(&home, name, None).await?);
    }
    let mut people = Vec::new();
    for number in 0..WRITERS {
        people.push(api.register(&format!("writer-{number:02}"), Some(&home.invite)).await?);
    }
    let ledger = Rc::new(RefCell::new(Ledger::new(channels, people.iter().map(|person| person.id).collect())));
    let mut writers = JoinSet::new();
    for (number, person) in people.into_iter().enumerate() {
        writers.spawn_local(Writer::new(number, person, server.address, ledger.clone(), random.fork()).run());
    }
    let enough = |killed| killed >= kills && ledger.borrow().acknowledged.len() >= messages;
    let killed = kill::run(&program, server, random, enough, || ledger.borrow().acknowledged.len()).await?;
    // What was under way stays unacknowledged: nobody posts it again.
    writers.abort_all();
    while writers.join_next().await.is_some() {}
    let ledger = ledger.replace(Ledger::default());
    Ok((ledger, killed))
}
