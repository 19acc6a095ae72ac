//! Sound as it is inside the engine: one channel, 48 kHz, `f32` from -1 to 1, 10 ms at a time.

use std::time::{Duration, Instant};

/// Samples in a second. Opus and WebRTC's processing both work at it.
pub const RATE: u32 = 48_000;

/// Samples in 10 ms.
pub const BLOCK: usize = 480;

/// 10 ms of sound.
pub type Block = [f32; BLOCK];

/// How long a [`Block`] is.
pub const BLOCK_TIME: Duration = Duration::from_millis(10);

/// Samples as a time.
pub fn duration(samples: u64) -> Duration {
    Duration::from_nanos(samples.saturating_mul(1_000_000_000) / u64::from(RATE))
}

/// Root mean square, 0 to 1 for sound within its range.
pub fn rms(samples: &[f32]) -> f32 {
    if samples.is_empty() {
        return 0.0;
    }
    (samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32).sqrt()
}

/// Decibels of an amplitude; silence is -120.
pub fn decibels(amplitude: f32) -> f32 {
    20.0 * amplitude.max(1e-6).log10()
}

/// The amplitude of decibels.
pub fn amplitude(decibels: f32) -> f32 {
    10f32.powf(decibels / 20.0)
}

/// Counts samples from an instant, so that times and timestamps can be compared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SampleClock {
    start: Instant,
}

impl SampleClock {
    pub(crate) fn new(start: Instant) -> Self {
        Self { start }
    }

    /// Samples from the start to `now`; 0 for what lies before it.
    pub(crate) fn samples(&self, now: Instant) -> i64 {
        let passed = now.saturating_duration_since(self.start);
        (passed.as_nanos() * u128::from(RATE) / 1_000_000_000) as i64
    }
}
