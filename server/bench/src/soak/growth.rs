//! What a server holds while it runs, and whether that grows.

use crate::{
    failure::Failure,
    figures::{percentile, rounded, rss_mib},
    http::{Client, Request},
    process::Server,
};
use serde::Serialize;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What it holds at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Held {
    pub(super) rss_mib: f64,
    /// Open files and sockets, without those of the database: as many connections to it as are wanted at once are kept.
    pub(super) descriptors: f64,
    pub(super) threads: f64,
    /// Of its runtime.
    pub(super) tasks: f64,
    /// In voice.
    pub(super) peers: f64,
    /// With somebody in them.
    pub(super) rooms: f64,
}

impl Held {
    /// Asks the kernel, and the server itself.
    pub(super) async fn now(server: &Server) -> Result<Self, Failure> {
        let fail = Failure::io("look at the server");
        let entries = |what| -> Result<Vec<PathBuf>, Failure> {
            let entries = fs::read_dir(format!("/proc/{}/{what}", server.pid)).map_err(&fail)?;
            entries.map(|entry| entry.map(|entry| entry.path()).map_err(&fail)).collect()
        };
        // What is closed while it is looked at is not open.
        let is_database = |target: &Path| target.file_name().is_some_and(|name| name.to_string_lossy().starts_with("snug.db"));
        let open = entries("fd")?.iter().filter(|entry| fs::read_link(entry).is_ok_and(|target| !is_database(&target))).count();
        let mut client = Client::connect(server.address).await.map_err(&fail)?;
        let answer = client.ask(Request { method: "GET", path: "/metrics", token: None, body: None }).await.map_err(&fail)?;
        let text = String::from_utf8_lossy(answer.body).into_owned();
        let figure = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line.and_then(|value| value.parse().ok()).ok_or(Failure::Garbled("metrics without what was looked for"))
        };
        Ok(Self {
            rss_mib: rss_mib(server.pid).ok_or(Failure::Silent("live"))?,
            descriptors: open as f64,
            threads: entries("task")?.len() as f64,
            tasks: figure("snug_tasks")?,
            peers: figure("snug_media_peers")?,
            rooms: figure("snug_media_rooms")?,
        })
    }
}

/// What it held in two parts of a run: medians.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Growth {
    /// In the second quarter: the first one is for warming up.
    early: Held,
    /// In the last quarter.
    late: Held,
    /// Before anybody came.
    before: Held,
    /// When all had gone.
    after: Held,
    /// What has grown, and should not have.
    pub(super) grown: Vec<&'static str>,
}

/// A part of the memory that may come and go with who is there, and as much in MiB.
const BREATH: (f64, f64) = (1.05, 2.0);

impl Growth {
    pub(super) fn of(before: Held, during: &[Held], after: Held) -> Self {
        let quarter = |from: usize, to: usize| median(&during[during.len() * from / 4..during.len() * to / 4]);
        let (early, late) = (quarter(1, 2), quarter(3, 4));
        let mut grown = Vec::new();
        if late.rss_mib > early.rss_mib * BREATH.0 + BREATH.1 {
            grown.push("memory");
        }
        // The connection that asks is one of each.
        for (name, before, after) in [("descriptors", before.descriptors, after.descriptors), ("tasks", before.tasks, after.tasks)] {
            if after > before {
                grown.push(name);
            }
        }
        // Threads for what blocks are made when they are needed, and kept for a while.
        if late.threads > early.threads + 2.0 {
            grown.push("threads");
        }
        if after.peers > 0.0 || after.rooms > 0.0 {
            grown.push("peers");
        }
        Self { early, late, before, after, grown }
    }
}

fn median(held: &[Held]) -> Held {
    if held.is_empty() {
        return Held::default();
    }
    let of = |figure: fn(&Held) -> f64| {
        let mut values: Vec<f64> = held.iter().map(figure).collect();
        values.sort_unstable_by(f64::total_cmp);
        rounded(percentile(&values, 0.5))
    };
    Held {
        rss_mib: of(|held| held.rss_mib),
        descriptors: of(|held| held.descriptors),
        threads: of(|held| held.threads),
        tasks: of(|held| held.tasks),
        peers: of(|held| held.peers),
        rooms: of(|held| held.rooms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_is_named() {
        let level = Held { rss_mib: 50.0, descriptors: 40.0, tasks: 30.0, threads: 8.0, peers: 10.0, rooms: 2.0 };
        let empty = Held { rss_mib: 40.0, descriptors: 12.0, tasks: 9.0, threads: 8.0, peers: 0.0, rooms: 0.0 };
        assert!(Growth::of(empty, &[level; 40], empty).grown.is_empty());
        let rising: Vec<Held> = (0..40).map(|at| Held { rss_mib: 50.0 + f64::from(at), ..level }).collect();
        assert_eq!(Growth::of(empty, &rising, empty).grown, ["memory"]);
        let left = Held { descriptors: 13.0, tasks: 10.0, peers: 1.0, ..empty };
        assert_eq!(Growth::of(empty, &[level; 40], left).grown, ["descriptors", "tasks", "peers"]);
    }
}
