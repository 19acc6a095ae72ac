//! Looks whether this machine is quick enough to measure on: a thread that wants to be woken every 10 ms, as sound does.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

/// How often it is to be woken.
const TICK: Duration = Duration::from_millis(10);

/// Watches until it is dropped.
#[derive(Debug)]
pub(crate) struct Watch(Arc<Inside>);

#[derive(Debug, Default)]
struct Inside {
    stop: AtomicBool,
    ticks: AtomicU64,
    late: AtomicU64,
}

impl Watch {
    pub(crate) fn start() -> std::io::Result<Self> {
        let inside = Arc::new(Inside::default());
        let watched = inside.clone();
        thread::Builder::new().name("watch".to_owned()).spawn(move || {
            while !watched.stop.load(Relaxed) {
                let asleep = Instant::now();
                thread::sleep(TICK);
                watched.ticks.fetch_add(1, Relaxed);
                watched.late.fetch_add(u64::from(asleep.elapsed() > 2 * TICK), Relaxed);
            }
        })?;
        Ok(Self(inside))
    }

    /// The share of wakings so far that were more than 10 ms late, in thousandths.
    pub(crate) fn late_permille(&self) -> f64 {
        self.0.late.load(Relaxed) as f64 * 1e3 / self.0.ticks.load(Relaxed).max(1) as f64
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.stop.store(true, Relaxed);
    }
}
