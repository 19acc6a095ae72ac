//! How many notifications are too many.

use std::time::{Duration, Instant};

/// So many at once.
const AT_ONCE: u32 = 6;
/// One more after this time.
const EACH: Duration = Duration::from_secs(2);

/// A bucket of leave to tell something (token bucket): who is flooded with messages is not flooded with notifications too.
#[derive(Debug)]
pub(super) struct Pace {
    left: u32,
    filled: Instant,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self { left: AT_ONCE, filled: now }
    }

    /// Whether one more may be told now; if so, it counts as told.
    pub(super) fn allows(&mut self, now: Instant) -> bool {
        let more = u32::try_from(now.saturating_duration_since(self.filled).as_millis() / EACH.as_millis()).unwrap_or(u32::MAX);
        self.filled += EACH * more;
        self.left = self.left.saturating_add(more).min(AT_ONCE);
        let allowed = self.left > 0;
        self.left -= u32::from(allowed);
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_told_of_now_and_then() {
        let begun = Instant::now();
        let mut pace = Pace::new(begun);
        let told = (0..600).filter(|tenth| pace.allows(begun + Duration::from_millis(100) * *tenth)).count();
        assert_eq!(told, 6 + 29, "six at once, then one every two seconds of the minute");
        assert!((0..6).all(|_| pace.allows(begun + Duration::from_secs(600))), "and after a pause six again");
        assert!(!pace.allows(begun + Duration::from_secs(600)));
    }
}
