//! What was measured and told of late: a window that comes back shows it as if it had never been away.

use snug_ipc::{
    stats::{HealthNote, VoiceStats},
    voice::VoiceUpdate,
};
use std::{
    collections::VecDeque,
    time::{SystemTime, UNIX_EPOCH},
};

/// What is shown at once, in milliseconds: two minutes.
const KEPT_MS: u64 = 120_000;
/// More notes than anybody reads.
const NOTES: usize = 200;

/// See the [module](self).
#[derive(Debug, Default)]
pub(super) struct Record {
    stats: VecDeque<VoiceStats>,
    health: VecDeque<HealthNote>,
}

impl Record {
    /// Notes what is kept of an update.
    pub(super) fn take(&mut self, update: &VoiceUpdate) {
        match update {
            VoiceUpdate::Stats { stats } => {
                self.stats.push_back((**stats).clone());
                while self.stats.front().is_some_and(|first| stats.at.saturating_sub(first.at) > KEPT_MS) {
                    self.stats.pop_front();
                }
            }
            VoiceUpdate::Health { at, text, bad } => {
                if self.health.len() == NOTES {
                    self.health.pop_front();
                }
                self.health.push_back(HealthNote { at: *at, text: text.clone(), bad: *bad });
            }
            VoiceUpdate::Devices { .. }
            | VoiceUpdate::Used { .. }
            | VoiceUpdate::Link { .. }
            | VoiceUpdate::Answer { .. }
            | VoiceUpdate::Meters { .. }
            | VoiceUpdate::Record { .. } => {}
        }
    }

    /// All of it.
    pub(super) fn replay(&self) -> VoiceUpdate {
        VoiceUpdate::Record { stats: self.stats.iter().cloned().collect(), health: self.health.iter().cloned().collect() }
    }
}

/// Milliseconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::stats;
    use snug_engine::{engine::Stats, transport::Stack};

    #[test]
    fn who_comes_back_is_told_of_the_last_two_minutes() {
        let mut record = Record::default();
        for at in (0..300).map(|second| second * 1_000) {
            record.take(&VoiceUpdate::Stats { stats: Box::new(stats::of(Stats::default(), at, Stack::default())) });
            record.take(&VoiceUpdate::Health { at, text: "The server is reached again.".to_owned(), bad: false });
        }
        let VoiceUpdate::Record { stats, health } = record.replay() else {
            panic!("it is no record");
        };
        assert_eq!((stats.len(), stats[0].at, stats[120].at), (121, 179_000, 299_000));
        assert_eq!((health.len(), health[0].at), (NOTES, 100_000));
    }
}
