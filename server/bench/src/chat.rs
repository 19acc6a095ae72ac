//! `snug-bench chat`: one channel, a thousand sessions.
//!
//! In this order, on one database that only grows: memory of a server with one account; writes without a reader;
//! sessions, and messages to all of them; a restart under all of them; starts alone, on what has come together.

mod deliveries;
mod people;
mod restarts;
mod sessions;
mod writes;

use crate::{
    api::{Api, Home, Person},
    failure::Failure,
    figures::{ms, percentile, rss_mib, size_mib},
    process::{self, Program, Server},
};
use serde::Serialize;
use sessions::Sessions;
use std::{path::PathBuf, time::Duration};
use tokio::time::sleep;

/// How long a server is left alone before its memory is looked at.
const QUIET: Duration = Duration::from_secs(1);

/// What to measure, and how much of it.
#[derive(Debug, clap::Args)]
pub(crate) struct Flags {
    /// Print the JSON object only, without a table above it.
    #[arg(long)]
    json: bool,
    /// Sessions in the channel.
    #[arg(long, default_value_t = 1000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20_000))]
    sessions: u32,
    /// Accounts that the sessions belong to [default: one for each].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20_000))]
    users: Option<u32>,
    /// Messages a second.
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rate: u32,
    /// Seconds of messages to all sessions.
    // An access token is good for 15 minutes.
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// The server's program [default: the one beside this one].
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
}

/// What was measured. Times in milliseconds, sizes in MiB.
#[derive(Debug, Serialize)]
struct Figures {
    /// Sessions in the channel.
    sessions: u32,
    /// Messages that reached a session, a second.
    deliveries_per_s: f64,
    /// From just before a message is posted until a session has it: half of the deliveries take at most this.
    p50_ms: f64,
    /// The same for 99 of 100 deliveries.
    p99_ms: f64,
    /// Messages that 64 writers got acknowledged, a second.
    durable_writes_per_s: f64,
    /// From the start of a server that was restarted until a session has `ready`: 99 of 100 take at most this.
    reconnect_p99_ms: f64,
    /// Memory of a server with one account and no session.
    idle_rss_mib: f64,
    /// Memory of the server with all sessions connected, after all the messages.
    rss_1000_sessions_mib: f64,
    /// From the program's start to the first 200 of `/healthz`, on the database of the whole run: the median.
    cold_start_ms: f64,
    /// The server's program, the web app inside.
    binary_mib: f64,
}

/// What to reach, and whether more of it is better.
const TARGETS: [(&str, f64, bool); 6] = [
    ("p99_ms", 50.0, false),
    ("durable_writes_per_s", 5_000.0, true),
    ("reconnect_p99_ms", 5_000.0, false),
    ("idle_rss_mib", 30.0, false),
    ("cold_start_ms", 150.0, false),
    ("binary_mib", 40.0, false),
];

/// A server, and what is known of it.
struct Stage {
    program: Program,
    server: Server,
    home: Home,
    people: Vec<Person>,
}

/// Measures, and prints what came of it.
pub(crate) async fn run(flags: Flags) -> Result<(), Failure> {
    let binary = process::existing(flags.binary.clone().unwrap_or_else(|| process::sibling(None)), "cargo build --release -p snug-server")?;
    let folder = tempfile::tempdir().map_err(Failure::io("make a folder"))?;
    let program = Program::new(&binary, &folder.path().join("data"));
    let figures = measure(&flags, program).await?;
    if !flags.json {
        show(&figures);
    }
    println!("{}", serde_json::to_string(&figures).expect("figures have string keys only"));
    Ok(())
}

async fn measure(flags: &Flags, program: Program) -> Result<Figures, Failure> {
    let binary_mib = size_mib(&program.binary).unwrap_or_default();
    let server = program.start().await?;
    let program = program.at(server.address);
    let home = Api::connect(server.address).await?.settle().await?;
    sleep(QUIET).await;
    let idle_rss_mib = rss_mib(server.pid).unwrap_or_default();

    let people = people::register(server.address, &home, flags.users.unwrap_or(flags.sessions)).await?;
    let stage = Stage { program, server, home, people };
    let durable_writes_per_s = writes::measure(&stage).await?;

    let sessions = Sessions::connect(&stage, flags.sessions as usize).await?;
    let deliveries = deliveries::measure(&stage, &sessions, flags.rate, Duration::from_secs(flags.seconds.into())).await?;
    sleep(QUIET).await;
    let rss_1000_sessions_mib = rss_mib(stage.server.pid).unwrap_or_default();

    let Stage { program, server, .. } = stage;
    let (server, mut back) = restarts::reconnect(&program, server, &sessions).await?;
    drop(sessions);
    back.sort_unstable();
    server.stop().await?;
    let mut starts = restarts::cold(&program).await?;
    starts.sort_unstable();

    Ok(Figures {
        sessions: flags.sessions,
        deliveries_per_s: deliveries.per_s,
        p50_ms: deliveries.p50_ms,
        p99_ms: deliveries.p99_ms,
        durable_writes_per_s,
        reconnect_p99_ms: ms(percentile(&back, 0.99)),
        idle_rss_mib,
        rss_1000_sessions_mib,
        cold_start_ms: ms(percentile(&starts, 0.5)),
        binary_mib,
    })
}

/// A table for people.
fn show(figures: &Figures) {
    let serde_json::Value::Object(figures) = serde_json::json!(figures) else { return };
    for (name, value) in &figures {
        let target = TARGETS.iter().find(|(target, ..)| target == name).map(|(_, target, more)| {
            let reached = value.as_f64().is_some_and(|value| if *more { value >= *target } else { value <= *target });
            format!("{} {target}{}", if *more { "≥" } else { "≤" }, if reached { "" } else { "  MISSED" })
        });
        println!("{name:>24}  {:>12}  {}", value.to_string(), target.unwrap_or_default());
    }
}
