//! Messages at an even pace from a few authors, to every session.

use super::{
    Stage,
    sessions::{Board, Run, Sessions},
};
use crate::{
    api,
    failure::Failure,
    figures::{cpu, percentile, rounded},
    http::{Client, Request},
};
use std::{rc::Rc, time::Duration};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

/// Those who write. Everyone else reads.
const AUTHORS: usize = 20;
/// What is not counted at the beginning.
const WARM_UP: Duration = Duration::from_secs(2);
/// How long the last deliveries may take.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Deliveries {
    pub(super) per_s: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
}

/// Posts `rate` messages a second for a time.
pub(super) async fn measure(stage: &Stage, sessions: &Sessions, rate: u32, span: Duration) -> Result<Deliveries, Failure> {
    let every = Duration::from_secs(1) / rate;
    let first = (WARM_UP.as_secs() as u32 * rate) as usize;
    let count = (span.as_secs() as u32 * rate) as usize;
    let total = first + count;
    let of = count as u32;
    *sessions.run().borrow_mut() = Run {
        posted: vec![None; total],
        first,
        latencies: Vec::with_capacity(count * sessions.count()),
        received: vec![0; sessions.count()],
        last: None,
    };

    let start = Instant::now() + Duration::from_millis(200);
    let mut authors = JoinSet::new();
    for author in 0..AUTHORS.min(total) {
        let client = Client::connect(stage.server.address).await.map_err(Failure::io("connect to the server"))?;
        let token = stage.people[author % stage.people.len()].token.clone();
        let due = (author..total).step_by(AUTHORS).map(move |number| (number, start + every * number as u32));
        authors.spawn_local(write(client, token, api::messages_path(stage.home.channel), sessions.board(), due));
    }
    sleep_until(start + WARM_UP).await;
    let used = (cpu(stage.server.pid), cpu(std::process::id()));
    let mut late = 0;
    for done in authors.join_all().await {
        late += done?;
    }
    let all = count * sessions.count();
    let waiting = Instant::now();
    while sessions.run().borrow().latencies.len() < all && waiting.elapsed() < PATIENCE {
        sleep(Duration::from_millis(10)).await;
    }

    let mut run = sessions.run().take();
    if let Some(got) = run.received.iter().copied().find(|got| *got != of) {
        let missing = run.received.iter().filter(|got| **got != of).count();
        return Err(Failure::Undelivered { missing, got, of });
    }
    let begun = start + every * first as u32;
    let took = (run.last.unwrap_or(begun) - begun).as_secs_f64();
    run.latencies.sort_unstable();
    let at = |share| rounded(f64::from(percentile(&run.latencies, share)) / 1e3);
    let figures = Deliveries { per_s: rounded(all as f64 / took), p50_ms: at(0.5), p99_ms: at(0.99) };
    eprintln!(
        "{all} deliveries in {took:.2} s: p50 {} ms, p90 {} ms, p99 {} ms, p99.9 {} ms, longest {} ms; {late} messages posted late",
        figures.p50_ms,
        at(0.9),
        figures.p99_ms,
        at(0.999),
        at(1.0)
    );
    if let ((Some(server), Some(own)), (Some(server_now), Some(own_now))) = (used, (cpu(stage.server.pid), cpu(std::process::id()))) {
        let share = |time: Duration| 100.0 * time.as_secs_f64() / took;
        eprintln!("processor time: the server {:.0} % of a core, the sessions {:.0} %", share(server_now - server), share(own_now - own));
    }
    Ok(figures)
}

/// Posts each message when it is due, and says how many were late because the answer to the one before was.
async fn write(
    mut client: Client,
    token: String,
    path: String,
    board: Rc<Board>,
    due: impl Iterator<Item = (usize, Instant)>,
) -> Result<u32, Failure> {
    let mut late = 0;
    for (number, due) in due {
        let was_free = Instant::now() < due;
        sleep_until(due).await;
        let body = api::message("A message of about the length that people write to each other.", &number.to_string());
        // Somebody who had to wait for the server counts from when they wanted to write.
        board.posting(number, if was_free { Instant::now() } else { due });
        late += u32::from(!was_free);
        let answer = client
            .ask(Request { method: "POST", path: &path, token: Some(&token), body: Some(&body) })
            .await
            .map_err(Failure::io("post a message"))?;
        if answer.status != 201 {
            let body = String::from_utf8_lossy(answer.body).into_owned();
            return Err(Failure::Refused { request: format!("POST {path}"), status: answer.status, body });
        }
    }
    Ok(late)
}
