//! What a listener's receiver reports say of the way to them.

use snug_redundancy::{Copies, Losses};
use std::time::Instant;
use str0m::{media::Mid, stats::MediaEgressStats};

/// The reports of one peer. All voices go the same way, so that what is lost of one tells of all.
#[derive(Debug, Default)]
pub(super) struct Reports {
    losses: Losses,
    /// Up to where each m-line has been reported on.
    reported: Vec<(Mid, u64)>,
    needed: Option<Copies>,
}

impl Reports {
    /// How many copies are needed.
    pub(super) fn copies(&self, now: Instant) -> Copies {
        self.losses.copies(now)
    }

    /// Takes what str0m has of an m-line. Returns how many copies are needed, if that is news.
    pub(super) fn take(&mut self, now: Instant, stats: &MediaEgressStats) -> Option<Copies> {
        let loss = stats.loss?;
        let highest = *stats.remote.as_ref()?.maximum_sequence_number;
        let before = match self.reported.iter_mut().find(|(mid, _)| *mid == stats.mid) {
            Some((_, reported)) => std::mem::replace(reported, highest),
            None => {
                self.reported.push((stats.mid, highest));
                // The first report tells of an unknown number of packets.
                highest
            }
        };
        let packets = highest.saturating_sub(before).try_into().unwrap_or(u32::MAX);
        self.losses.take(now, loss, packets);
        let needed = self.losses.copies(now);
        (self.needed.replace(needed) != Some(needed)).then_some(needed)
    }
}
