//! Durable writes: writers that post, wait for the answer, and post again.

use super::Stage;
use crate::{
    api,
    failure::Failure,
    figures::{cpu, ms, percentile, rounded},
    http::{Client, Request},
};
use std::time::Duration;
use tokio::{task::JoinSet, time::Instant};

/// Writers, each with a connection of its own.
const WRITERS: usize = 64;
/// What is not counted at the beginning.
const WARM_UP: Duration = Duration::from_millis(500);
/// What is counted.
const SPAN: Duration = Duration::from_secs(5);

/// Acknowledged messages a second.
pub(super) async fn measure(stage: &Stage) -> Result<f64, Failure> {
    let from = Instant::now() + WARM_UP;
    let to = from + SPAN;
    let used = cpu(stage.server.pid);
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (address, token) = (stage.server.address, stage.people[writer % stage.people.len()].token.clone());
        let path = api::messages_path(stage.home.channel);
        writers.spawn_local(async move {
            let fail = Failure::io("post a message");
            let mut client = Client::connect(address).await.map_err(&fail)?;
            let mut took = Vec::new();
            for number in 0.. {
                let body = api::message("Only what is on the disk counts.", &format!("w{writer}-{number}"));
                let asked = Instant::now();
                let answer = client.ask(Request { method: "POST", path: &path, token: Some(&token), body: Some(&body) }).await.map_err(&fail)?;
                if answer.status != 201 {
                    let body = String::from_utf8_lossy(answer.body).into_owned();
                    return Err(Failure::Refused { request: format!("POST {path}"), status: answer.status, body });
                }
                let now = Instant::now();
                if now > to {
                    break;
                }
                if now > from {
                    took.push(now - asked);
                }
            }
            Ok(took)
        });
    }
    let mut took = Vec::new();
    for done in writers.join_all().await {
        took.extend(done?);
    }
    took.sort_unstable();
    let per_s = rounded(took.len() as f64 / SPAN.as_secs_f64());
    if let (Some(before), Some(after), false) = (used, cpu(stage.server.pid), took.is_empty()) {
        let each = (after - before) / took.len() as u32;
        let (p50, p99) = (ms(percentile(&took, 0.5)), ms(percentile(&took, 0.99)));
        eprintln!("{WRITERS} writers: {per_s} acknowledged a second, p50 {p50} ms, p99 {p99} ms, {each:?} of the server's processor time each");
    }
    Ok(per_s)
}
