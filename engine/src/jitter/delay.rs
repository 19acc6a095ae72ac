//! How long to wait: a histogram of what packets took to get here.
//!
//! After WebRTC's NetEQ (`DelayManager`, `Histogram`): a histogram of the delay, with slow forgetting. Unlike there, it
//! is of the transit time itself (arrival less timestamp, of unknown origin) and not of what it exceeds
//! the least by, so that the place where sound is played can be compared with it at once.
//!
//! And it is no fixed quantile that is waited for: a millisecond costs a little, what comes too late costs what the E-model
//! (ITU-T G.107) says of lost packets, and the sum is made least. So one waits for copies of lost packets where many
//! are lost, and for no stragglers where there are few.

/// Samples in a bucket: 2.5 ms.
const WIDTH: i64 = 120;
/// 1.6 s.
const BUCKETS: usize = 640;
/// Where the first packet is put, so that there is room for earlier ones.
const FIRST: usize = 160;
/// Of a bucket's weight, what stays with each packet: half is gone after 8 s of 20 ms packets.
const FORGET: f32 = 0.9983;
/// What a millisecond of delay costs, in points of the E-model's rating R. The model itself has 0.024 below 177 ms, for talk by
/// telephone.
const MILLISECOND: f32 = 0.03;
/// On a good network friends want to laugh at once: there the first [`IMMEDIATE_MS`] cost more.
const IMMEDIATE: f32 = 0.08;
const IMMEDIATE_MS: f32 = 40.0;
/// The network is good while less than this part of the frames comes as copies only. Where some do, the histogram
/// has not seen all that will come: copies of copies are worth waiting for.
const GOOD: f32 = 0.002;
/// How quickly that part follows, with each frame.
const FOLLOWS: f32 = 0.01;
/// What a percent of losses costs: the model's slope where few are lost, 95 / Bpl, with a robustness Bpl of 20 (ITU-T G.113 gives
/// 25 for G.711 with concealment, less for codecs that predict).
const PERCENT_LOST: f32 = 4.75;
/// By how much another delay must be better than the present one, so that it is not changed to and fro.
const WORTHWHILE: f32 = 0.5;

/// Transit times, in samples.
#[derive(Debug)]
pub(super) struct Delays {
    weights: Vec<f32>,
    /// The transit time at which the first bucket begins.
    origin: i64,
    count: u32,
    target: i64,
    /// The part of the frames that came as copies only.
    copies: f32,
}

impl Delays {
    pub(super) fn new() -> Self {
        Self { weights: vec![0.0; BUCKETS], origin: 0, count: 0, target: 0, copies: 0.0 }
    }

    /// Puts in the transit time of a frame that could first be played now, from its own packet or from a `copy`.
    pub(super) fn record(&mut self, transit: i64, copy: bool) {
        self.copies += (f32::from(u8::from(copy)) - self.copies) * FOLLOWS;
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
        self.target = self.cheapest();
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

    /// The transit time at which waiting longer costs more than it saves.
    fn cheapest(&self) -> i64 {
        let total: f32 = self.weights.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        let immediate = if self.copies < GOOD { IMMEDIATE - MILLISECOND } else { 0.0 };
        let mut late = 0.0;
        let (mut best, mut present) = ((f32::INFINITY, self.target), f32::INFINITY);
        for (bucket, weight) in self.weights.iter().enumerate().rev() {
            let edge = self.origin + (bucket as i64 + 1) * WIDTH;
            let percent = 100.0 * late / total;
            let waited = (bucket as i64 * WIDTH) as f32 / 48.0;
            let cost = waited * MILLISECOND + waited.min(IMMEDIATE_MS) * immediate + percent * PERCENT_LOST;
            if cost < best.0 {
                best = (cost, edge);
            }
            if edge == self.target {
                present = cost;
            }
            late += weight;
        }
        if best.0 + WORTHWHILE < present { best.1 } else { self.target }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_covers_nearly_all_packets() {
        let mut delays = Delays::new();
        for index in 0..1000 {
            // One in five hundred takes 100 ms more: too few. All others within 20 ms.
            delays.record(if index % 500 == 0 { 4_800 } else { 48 * (index % 20) }, false);
        }
        let target = delays.target().unwrap();
        assert!((816..=1_200).contains(&target), "{target}");
        for index in 0..1000 {
            // One in ten: worth waiting for.
            delays.record(if index % 10 == 0 { 4_800 } else { 0 }, false);
        }
        assert!(delays.target().unwrap() >= 4_800);
    }

    #[test]
    fn copies_are_waited_for_longer_than_stragglers() {
        let target = |copies: bool| {
            let mut delays = Delays::new();
            // One in two hundred is 20 ms later.
            (0..2_000).for_each(|index| delays.record(if index % 200 == 99 { 960 } else { 0 }, copies && index % 200 == 99));
            delays.target().unwrap()
        };
        assert!(target(true) >= 960);
        let mut steady = Delays::new();
        (0..2_000).for_each(|index| steady.record(if index % 1_000 == 99 { 1_920 } else { 0 }, false));
        assert!(steady.target().unwrap() <= WIDTH);
    }

    #[test]
    fn what_was_long_ago_is_forgotten() {
        let mut delays = Delays::new();
        for _ in 0..500 {
            delays.record(9_600, false);
        }
        for _ in 0..50 * 60 {
            delays.record(0, false);
        }
        assert!(delays.target().unwrap() <= WIDTH);
    }

    #[test]
    fn the_origin_follows() {
        let mut delays = Delays::new();
        for transit in [0, 100_000, -100_000, 1 << 40] {
            delays.record(transit, false);
            assert!((delays.weights.iter().sum::<f32>() - 1.0).abs() < 0.01);
        }
    }
}
