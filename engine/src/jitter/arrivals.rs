//! Sequence numbers: what is missing, late, or here twice; and how unevenly packets come.

/// How a packet stands to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// The newest, with as many missing before it.
    Newest { missing: u16 },
    /// One that was missing.
    Late,
    /// It was here before, or too long ago to say.
    Again,
}

/// For how many packets a copy of a missing one may come.
const RECENT: u16 = 16;

/// Packets by sequence number (RFC 3550, A.1 and A.8).
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    highest: Option<u16>,
    /// The bit n stands for the highest less n.
    came: u128,
    /// The latest before which some were missing.
    gap: Option<u16>,
    transit: Option<i64>,
    jitter: f32,
}

impl Arrivals {
    pub(super) fn take(&mut self, sequence: u16) -> Arrival {
        let Some(highest) = self.highest else {
            self.highest = Some(sequence);
            self.came = 1;
            return Arrival::Newest { missing: 0 };
        };
        let ahead = sequence.wrapping_sub(highest);
        if ahead == 0 {
            return Arrival::Again;
        }
        if ahead < 1 << 15 {
            self.highest = Some(sequence);
            self.came = self.came.checked_shl(ahead.into()).unwrap_or(0) | 1;
            if ahead > 1 {
                self.gap = Some(sequence);
            } else if self.gap.is_some_and(|gap| sequence.wrapping_sub(gap) >= RECENT) {
                self.gap = None;
            }
            return Arrival::Newest { missing: ahead - 1 };
        }
        let bit = 1u128.checked_shl(highest.wrapping_sub(sequence).into()).unwrap_or(0);
        if bit == 0 || self.came & bit != 0 {
            return Arrival::Again;
        }
        self.came |= bit;
        Arrival::Late
    }

    /// Whether one of the last few has been missing.
    pub(super) fn lack_some(&self) -> bool {
        self.gap.is_some()
    }

    /// Takes a transit time, in samples.
    pub(super) fn measure(&mut self, transit: i64) {
        if let Some(last) = self.transit.replace(transit) {
            self.jitter += ((transit - last).abs() as f32 - self.jitter) / 16.0;
        }
    }

    /// Interarrival jitter (RFC 3550, 6.4.1), in samples.
    pub(super) fn jitter(&self) -> f32 {
        self.jitter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_late_and_here_twice_is_told_apart() {
        let mut arrivals = Arrivals::default();
        let told: Vec<_> = [65_534, 65_535, 1, 0, 0, 1, 300, 2, 299].into_iter().map(|sequence| arrivals.take(sequence)).collect();
        assert_eq!(
            told,
            [
                Arrival::Newest { missing: 0 },
                Arrival::Newest { missing: 0 },
                Arrival::Newest { missing: 1 },
                Arrival::Late,
                Arrival::Again,
                Arrival::Again,
                Arrival::Newest { missing: 298 },
                Arrival::Again,
                Arrival::Late,
            ]
        );
    }
}
