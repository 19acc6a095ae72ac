//! How long to wait: a histogram of what packets took to get here.
//!
//! After WebRTC's NetEQ (`DelayManager`, `Histogram`): the quantile 0.97 of the delay, with slow forgetting. Unlike there, the
//! histogram is of the transit time itself (arrival less timestamp, of unknown origin) and not of what it exceeds
//! the least by, so that the place where sound is played can be compared with it at once.

/// Samples in a bucket: 2.5 ms.
const WIDTH: i64 = 120;
/// 1.6 s.
const BUCKETS: usize = 640;
/// Where the first packet is put, so that there is room for earlier ones.
const FIRST: usize = 160;
/// Of a bucket's weight, what stays with each packet: half is gone after 8 s of 20 ms packets.
const FORGET: f32 = 0.9983;
/// The part of the packets that is to be there in time.
const QUANTILE: f32 = 0.97;

/// Transit times, in samples.
#[derive(Debug)]
pub(super) struct Delays {
    weights: Vec<f32>,
    /// The transit time at which the first bucket begins.
    origin: i64,
    count: u32,
    target: i64,
}

impl Delays {
    pub(super) fn new() -> Self {
        Self { weights: vec![0.0; BUCKETS], origin: 0, count: 0, target: 0 }
    }

    /// Puts in the transit time of a frame that could first be played now.
    pub(super) fn record(&mut self, transit: i64) {
        if self.count == 0 {
            self.origin = transit - FIRST as i64 * WIDTH;
        }
        self.count = self.count.saturating_add(1);
        self.make_room(transit);
        // At first, all that came counts the same.
        let new = (1.0 - FORGET).max(1.0 / self.count as f32);
        for weight in &mut self.weights {
            *weight *= 1.0 - new;
        }
        let bucket = (transit - self.origin).div_euclid(WIDTH);
        self.weights[bucket as usize] += new;
        self.target = self.quantile();
    }

    /// The transit time within which nearly all packets come: what sound should be played at. Nothing before the first.
    pub(super) fn target(&self) -> Option<i64> {
        (self.count > 0).then_some(self.target)
    }

    /// The transit time of the fastest packets that are not forgotten, in samples.
    pub(super) fn fastest(&self) -> i64 {
        let first = self.weights.iter().position(|weight| *weight > 1e-4);
        self.origin + first.unwrap_or(0) as i64 * WIDTH
    }

    /// How many were put in.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// Whether a transit time is so far off that it must be another clock's.
    pub(super) fn is_elsewhere(&self, transit: i64) -> bool {
        let limit = super::JUMP;
        self.count > 0 && (transit < self.target - limit || transit > self.target + limit)
    }

    fn make_room(&mut self, transit: i64) {
        let bucket = (transit - self.origin).div_euclid(WIDTH);
        let last = BUCKETS as i64 - 1;
        if bucket > last {
            let shift = ((bucket - last) as usize).min(BUCKETS);
            let lost: f32 = self.weights.drain(..shift).sum();
            self.weights.resize(BUCKETS, 0.0);
            self.weights[0] += lost;
            self.origin += (bucket - last) * WIDTH;
        } else if bucket < 0 {
            let shift = ((-bucket) as usize).min(BUCKETS);
            let lost: f32 = self.weights[BUCKETS - shift..].iter().sum();
            self.weights.rotate_right(shift);
            self.weights[..shift].fill(0.0);
            self.weights[BUCKETS - 1] += lost;
            self.origin += bucket * WIDTH;
        }
    }

    fn quantile(&self) -> i64 {
        let total: f32 = self.weights.iter().sum();
        let mut late = total * (1.0 - QUANTILE);
        for (bucket, weight) in self.weights.iter().enumerate().rev() {
            late -= weight;
            if late < 0.0 {
                return self.origin + (bucket as i64 + 1) * WIDTH;
            }
        }
        self.origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_covers_nearly_all_packets() {
        let mut delays = Delays::new();
        for index in 0..1000 {
            // One in fifty takes 100 ms more: too few. All others within 20 ms.
            delays.record(if index % 50 == 0 { 4_800 } else { 48 * (index % 20) });
        }
        let target = delays.target().unwrap();
        assert!((816..=1_200).contains(&target), "{target}");
        for index in 0..1000 {
            // One in ten: worth waiting for.
            delays.record(if index % 10 == 0 { 4_800 } else { 0 });
        }
        assert!(delays.target().unwrap() >= 4_800);
    }

    #[test]
    fn what_was_long_ago_is_forgotten() {
        let mut delays = Delays::new();
        for _ in 0..500 {
            delays.record(9_600);
        }
        for _ in 0..50 * 60 {
            delays.record(0);
        }
        assert!(delays.target().unwrap() <= WIDTH);
    }

    #[test]
    fn the_origin_follows() {
        let mut delays = Delays::new();
        for transit in [0, 100_000, -100_000, 1 << 40] {
            delays.record(transit);
            assert!((delays.weights.iter().sum::<f32>() - 1.0).abs() < 0.01);
        }
    }
}
