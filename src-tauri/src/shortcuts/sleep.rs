//! Whether the machine has slept: a key that was down then may have come up unseen.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// Less is no sleep: the two clocks are not read at once.
const LEAST: Duration = Duration::from_millis(500);

/// How long the machine has slept since it was started: one clock goes on then, the other stands still.
fn slept() -> Duration {
    let read = |clock| Duration::try_from(clock_gettime(clock)).unwrap_or_default();
    read(ClockId::Boottime).saturating_sub(read(ClockId::Monotonic))
}

/// Looks whether it has.
#[derive(Debug)]
pub(super) struct Sleep {
    slept: fn() -> Duration,
    before: Duration,
}

impl Default for Sleep {
    fn default() -> Self {
        Self { slept, before: slept() }
    }
}

impl Sleep {
    /// Whether it has slept since this was asked last.
    pub(super) fn has_slept(&mut self) -> bool {
        let now = (self.slept)();
        let more = now.saturating_sub(self.before);
        self.before = now;
        more >= LEAST
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    thread_local!(static SLEPT: Cell<u64> = const { Cell::new(0) });

    #[test]
    fn a_machine_that_is_awake_does_not_sleep() {
        let mut sleep = Sleep::default();
        assert!(!sleep.has_slept());
    }

    #[test]
    fn a_sleep_is_told_once() {
        let mut sleep = Sleep { slept: || Duration::from_millis(SLEPT.get()), before: Duration::ZERO };
        let asked = [3, 60_003, 60_004, 120_004].map(|slept| {
            SLEPT.set(slept);
            sleep.has_slept()
        });
        assert_eq!(asked, [false, true, false, true]);
    }
}
