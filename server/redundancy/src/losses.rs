//! How much is lost, how, and how many copies that asks for.

use std::time::{Duration, Instant};

/// Copies that go along with each packet, and of which earlier ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Copies {
    /// None: nothing is lost.
    #[default]
    None,
    /// The one before.
    One,
    /// The two before.
    Two,
    /// The three before.
    Three,
    /// The four before.
    Four,
    /// Two, further apart than most bursts of losses are long.
    TwoApart,
    /// Three, likewise.
    ThreeApart,
    /// Four, likewise.
    FourApart,
}

impl Copies {
    /// How many packets back the copies are that go along.
    pub const fn distances(self) -> &'static [u8] {
        match self {
            Self::None => &[],
            Self::One => &[1],
            Self::Two => &[1, 2],
            Self::Three => &[1, 2, 3],
            Self::Four => &[1, 2, 3, 4],
            Self::TwoApart => &[1, 3],
            Self::ThreeApart => &[1, 3, 6],
            Self::FourApart => &[1, 3, 6, 9],
        }
    }
}

/// How quickly the estimate rises and falls with each report.
const RISES: f32 = 0.5;
const FALLS: f32 = 0.1;
/// How quickly mean and variance follow, which show whether losses come in bursts.
const FOLLOWS: f32 = 0.08;
/// Reports of fewer packets say nothing of bursts.
const ENOUGH: u32 = 8;
/// So many reports must show that losses come one by one. Until then they are taken to come in bursts, as on most networks that lose any.
const SHOWN: u32 = 8;
/// How many times as much reports differ as they would if each packet were lost by itself: in bursts of three on average, 4.4 times.
const BURSTY: f32 = 2.2;
/// Less than this part lost is as good as nothing.
const NOTHING: f32 = 0.003;
/// For how long nothing may be lost before no copies are sent. At the beginning there is one: that something is lost is known only when
/// it is too late.
const CLEAN: Duration = Duration::from_secs(10);

/// What receiver reports say of a way, and what follows.
#[derive(Debug, Default)]
pub struct Losses {
    estimate: f32,
    mean: f32,
    /// Of a report's losses, times its packets.
    variance: f32,
    reports: u32,
    /// Since when nothing is lost.
    clean: Option<Instant>,
}

impl Losses {
    /// Takes a report: the part that was lost, 0 to 1, of so many packets.
    pub fn take(&mut self, now: Instant, loss: f32, packets: u32) {
        let loss = loss.clamp(0.0, 1.0);
        let rate = if loss > self.estimate { RISES } else { FALLS };
        self.estimate += (loss - self.estimate) * rate;
        if packets >= ENOUGH {
            self.reports = self.reports.saturating_add(1);
            // At first, all reports count the same.
            let rate = FOLLOWS.max(1.0 / self.reports as f32);
            let difference = loss - self.mean;
            self.mean += difference * rate;
            self.variance += (difference * (loss - self.mean) * packets as f32 - self.variance) * rate;
        }
        if loss > NOTHING {
            self.clean = None;
        } else {
            self.clean.get_or_insert(now);
        }
    }

    /// The part that is lost, 0 to 1: it rises at once, and falls slowly.
    pub fn estimate(&self) -> f32 {
        self.estimate
    }

    /// How many copies are worth their bytes.
    pub fn copies(&self, now: Instant) -> Copies {
        let bursty = self.reports < SHOWN || self.variance > BURSTY * (self.mean * (1.0 - self.mean)).max(NOTHING);
        match (self.estimate, bursty) {
            (..0.004, _) if self.clean.is_some_and(|since| now.saturating_duration_since(since) >= CLEAN) => Copies::None,
            (..0.015, _) => Copies::One,
            (..0.06, false) => Copies::Two,
            (..0.04, true) => Copies::TwoApart,
            (..0.2, false) => Copies::Three,
            (..0.15, true) => Copies::ThreeApart,
            (_, false) => Copies::Four,
            (_, true) => Copies::FourApart,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: Duration = Duration::from_millis(500);

    /// Reports of 25 packets, of which so many are lost in each in turn.
    fn after(losses: &mut Losses, start: Instant, reports: u32, lost: &[u32]) -> Copies {
        let mut copies = losses.copies(start);
        for report in 0..reports {
            let now = start + REPORT * report;
            losses.take(now, lost[report as usize % lost.len()] as f32 / 25.0, 25);
            copies = losses.copies(now);
        }
        copies
    }

    #[test]
    fn a_call_begins_with_a_copy_and_drops_it_after_a_clean_time() {
        let (start, mut losses) = (Instant::now(), Losses::default());
        assert_eq!(losses.copies(start), Copies::One);
        assert_eq!(after(&mut losses, start, 20, &[0]), Copies::One);
        assert_eq!(after(&mut losses, start, 21, &[0]), Copies::None);
    }

    #[test]
    fn the_first_loss_is_answered_at_once_and_long_remembered() {
        let (start, mut losses) = (Instant::now(), Losses::default());
        after(&mut losses, start, 30, &[0]);
        assert!(after(&mut losses, start, 1, &[3]).distances().len() >= 2);
        assert_ne!(after(&mut losses, start + REPORT, 19, &[0]), Copies::None);
        assert_eq!(after(&mut losses, start + REPORT, 60, &[0]), Copies::None);
    }

    #[test]
    fn copies_are_apart_while_losses_come_in_bursts() {
        let start = Instant::now();
        let bursts = after(&mut Losses::default(), start, 40, &[0, 9, 0, 1, 0, 6]);
        assert!(matches!(bursts, Copies::ThreeApart | Copies::FourApart), "{bursts:?}");
        let single = after(&mut Losses::default(), start, 40, &[2, 4, 1, 3, 2, 3]);
        assert_eq!(single, Copies::Three);
    }

    #[test]
    fn more_copies_are_sent_as_more_is_lost() {
        let needed = |lost| after(&mut Losses::default(), Instant::now(), 40, &[lost]).distances().len();
        assert_eq!([0, 1, 2, 8].map(needed), [0, 2, 3, 4]);
    }
}
