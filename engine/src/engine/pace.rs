//! What drives the voice thread.

use crate::sound::BLOCK_TIME;
use std::{
    sync::mpsc::{self, Receiver, SyncSender},
    thread,
    time::{Duration, Instant},
};

/// When each block of 10 ms is due.
#[derive(Debug)]
pub enum Clock {
    /// By the system's clock.
    System,
    /// When a [`Ticker`] says so.
    Manual {
        /// The time of each block.
        ticks: Receiver<Instant>,
        /// Told after each.
        done: SyncSender<()>,
    },
}

/// Drives an engine from a test, as fast as it goes.
#[derive(Debug)]
pub struct Ticker {
    ticks: SyncSender<Instant>,
    done: Receiver<()>,
    now: Instant,
}

impl Clock {
    /// A clock that moves when its ticker does. Drop the ticker before the [`Handle`](super::Handle), which waits for a thread that waits for ticks.
    pub fn manual() -> (Self, Ticker) {
        let (tick, ticks) = mpsc::sync_channel(0);
        let (told, done) = mpsc::sync_channel(1);
        (Self::Manual { ticks, done: told }, Ticker { ticks: tick, done, now: Instant::now() })
    }
}

impl Ticker {
    /// Lets 10 ms pass. Returns whether the engine still lives.
    pub fn tick(&mut self) -> bool {
        self.now += BLOCK_TIME;
        self.ticks.send(self.now).is_ok() && self.done.recv().is_ok()
    }
}

/// How late a thread may be and catch up: what is later is left out.
const CATCH_UP: Duration = Duration::from_millis(200);

/// Waits for blocks.
#[derive(Debug)]
pub(super) struct Pace {
    clock: Clock,
    due: Instant,
    begun: bool,
}

impl Pace {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, due: Instant::now(), begun: false }
    }

    /// Waits for the next block. Gives the time, and by how much it is late beyond catching up; nothing when it is over.
    pub(super) fn next(&mut self) -> Option<(Instant, Duration)> {
        match &self.clock {
            Clock::System => {
                self.due += BLOCK_TIME;
                let now = Instant::now();
                let late = now.saturating_duration_since(self.due);
                if late > CATCH_UP {
                    self.due = now;
                    return Some((now, late));
                }
                if let Some(early) = self.due.checked_duration_since(now) {
                    thread::sleep(early);
                }
                // The time of what is due and not of waking up: the jitter buffers see a steady clock.
                Some((self.due, Duration::ZERO))
            }
            Clock::Manual { ticks, done } => {
                if std::mem::replace(&mut self.begun, true) {
                    // Whoever ticks may be gone.
                    done.send(()).ok()?;
                }
                ticks.recv().ok().map(|now| (now, Duration::ZERO))
            }
        }
    }
}
