//! Restarts: under all sessions, and alone.

use super::sessions::Sessions;
use crate::{
    failure::Failure,
    figures::{ms, percentile},
    process::{Program, Server},
};
use std::time::Duration;
use tokio::time::Instant;

/// Starts that are measured.
const STARTS: usize = 9;

/// Stops the server, starts it again at once on the same data and port, and says how long after that start each
/// session was ready.
pub(super) async fn reconnect(program: &Program, server: Server, sessions: &Sessions) -> Result<(Server, Vec<Duration>), Failure> {
    sessions.expect_loss();
    let asked = Instant::now();
    server.stop().await?;
    let stopped = asked.elapsed();
    let spawned = Instant::now();
    let server = program.start().await?;
    let back: Vec<_> = sessions.all_ready().await?.into_iter().map(|ready| ready - spawned).collect();
    let mut sorted = back.clone();
    sorted.sort_unstable();
    let at = |share| ms(percentile(&sorted, share));
    eprintln!("restart: stopped in {} ms, sessions ready p50 {} ms, p99 {} ms, last {} ms", ms(stopped), at(0.5), at(0.99), at(1.0));
    Ok((server, back))
}

/// How long each of some starts took.
pub(super) async fn cold(program: &Program) -> Result<Vec<Duration>, Failure> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let (server, took) = program.start_timed().await?;
        server.stop().await?;
        starts.push(took);
    }
    eprintln!("starts: {:?}", starts.iter().map(|took| ms(*took)).collect::<Vec<_>>());
    Ok(starts)
}
