//! Sessions of the gateway that come back when they are lost, as the web app's do.

use super::Stage;
use crate::{failure::Failure, gateway, random::Random};
use snug_protocol::ClientFrame;
use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    rc::Rc,
    time::Duration,
};
use tokio::{
    net::tcp::OwnedWriteHalf,
    sync::Notify,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

/// The web app's waits between attempts: at most the first, then twice that and so on up to the longest; at least half.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// A session that held this long starts with the first wait again.
const STEADY: Duration = Duration::from_secs(10);
/// Half of what the server waits for, and a little less.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How long all of them may take to be there.
const PATIENCE: Duration = Duration::from_secs(120);

/// All sessions of the run. They end when this is dropped.
pub(super) struct Sessions {
    board: Rc<Board>,
    _tasks: JoinSet<()>,
}

/// Where the sessions write down what happens to them.
pub(super) struct Board {
    address: SocketAddr,
    /// When each has become ready, the last time.
    ready: RefCell<Vec<Option<Instant>>>,
    missing: Cell<usize>,
    /// Rung when none is missing.
    complete: Notify,
    /// To where heartbeats go.
    links: RefCell<Vec<Option<OwnedWriteHalf>>>,
    run: RefCell<Run>,
}

/// Messages that are numbered by their nonces, on their way to all sessions.
#[derive(Default)]
pub(super) struct Run {
    /// When each was about to be posted; nothing before that.
    pub(super) posted: Vec<Option<Instant>>,
    /// Messages before this one warm up: their latency is not kept.
    pub(super) first: usize,
    /// In microseconds.
    pub(super) latencies: Vec<u32>,
    /// Messages that each session got.
    pub(super) received: Vec<u32>,
    /// When the last one came.
    pub(super) last: Option<Instant>,
}

impl Sessions {
    /// Connects all of them at once.
    pub(super) async fn connect(stage: &Stage, count: usize) -> Result<Self, Failure> {
        let board = Rc::new(Board {
            address: stage.server.address,
            ready: RefCell::new(vec![None; count]),
            missing: Cell::new(count),
            complete: Notify::new(),
            links: RefCell::new((0..count).map(|_| None).collect()),
            run: RefCell::default(),
        });
        let mut tasks = JoinSet::new();
        let mut random = Random::new(1);
        let started = Instant::now();
        for number in 0..count {
            let token = stage.people[number % stage.people.len()].token.clone();
            tasks.spawn_local(board.clone().stay(number, token, random.fork()));
        }
        tasks.spawn_local(board.clone().beat());
        let sessions = Self { board, _tasks: tasks };
        sessions.all_ready().await?;
        eprintln!("connected {count} sessions in {:.1} s", started.elapsed().as_secs_f64());
        Ok(sessions)
    }

    /// Waits until every session is ready, and says since when.
    pub(super) async fn all_ready(&self) -> Result<Vec<Instant>, Failure> {
        let board = &self.board;
        let complete = async {
            while board.missing.get() > 0 {
                board.complete.notified().await;
            }
        };
        if timeout(PATIENCE, complete).await.is_err() {
            eprintln!("{} sessions are missing", board.missing.get());
            return Err(Failure::Silent("make every session ready"));
        }
        Ok(board.ready.borrow().iter().flatten().copied().collect())
    }

    /// From now on none is ready that has not become so anew.
    pub(super) fn expect_loss(&self) {
        let mut ready = self.board.ready.borrow_mut();
        ready.fill(None);
        self.board.missing.set(ready.len());
    }

    pub(super) fn count(&self) -> usize {
        self.board.ready.borrow().len()
    }

    /// The messages under way.
    pub(super) fn run(&self) -> &RefCell<Run> {
        &self.board.run
    }

    /// The same, for a task.
    pub(super) fn board(&self) -> Rc<Board> {
        self.board.clone()
    }
}

impl Board {
    /// Notes that a message is about to be posted.
    pub(super) fn posting(&self, number: usize, at: Instant) {
        self.run.borrow_mut().posted[number] = Some(at);
    }

    async fn stay(self: Rc<Self>, number: usize, token: String, mut random: Random) {
        let mut attempt = 0;
        loop {
            if let Ok((mut frames, link)) = gateway::attach(self.address, &token).await {
                let since = Instant::now();
                self.ready(number, since, link);
                while let Ok(frame) = frames.next().await {
                    if let Some(message) = gateway::created(frame) {
                        self.run.borrow_mut().got(number, message);
                    }
                }
                self.links.borrow_mut()[number] = None;
                if since.elapsed() >= STEADY {
                    attempt = 0;
                }
            }
            let longest = LONGEST_WAIT.min(FIRST_WAIT * 2_u32.pow(attempt));
            attempt = (attempt + 1).min(10);
            sleep(random.within(longest / 2..longest)).await;
        }
    }

    fn ready(&self, number: usize, at: Instant, link: OwnedWriteHalf) {
        self.links.borrow_mut()[number] = Some(link);
        if self.ready.borrow_mut()[number].replace(at).is_none() {
            self.missing.set(self.missing.get() - 1);
            if self.missing.get() == 0 {
                self.complete.notify_one();
            }
        }
    }

    /// Says for all of them, in turn, that they are there.
    async fn beat(self: Rc<Self>) {
        let beat = gateway::text(&ClientFrame::Heartbeat { s: 0 });
        let count = self.links.borrow().len();
        loop {
            for number in 0..count {
                if let Some(link) = &self.links.borrow()[number] {
                    // A connection that takes no forty bytes is as good as lost.
                    let _ = link.try_write(&beat);
                }
                if number % 50 == 49 {
                    sleep(HEARTBEAT * 50 / count as u32).await;
                }
            }
            sleep(HEARTBEAT / 10).await;
        }
    }
}

impl Run {
    fn got(&mut self, session: usize, message: usize) {
        let Some(Some(posted)) = self.posted.get(message) else { return };
        if message >= self.first {
            let now = Instant::now();
            self.latencies.push((now - *posted).as_micros() as u32);
            self.received[session] += 1;
            self.last = Some(now);
        }
    }
}
