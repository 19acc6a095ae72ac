//! Between the clock of a sound device and that of the call.
//!
//! Two crystals differ by some ten parts in a million: without a cure, a ring between them runs empty or full within
//! minutes. The ratio of a resampler follows how full the ring is.

use crate::sound::{BLOCK, RATE};
use rubato::{
    Adjustable, Async, FixedAsync, Resampler, SincInterpolationParameters, SincInterpolationType, WindowFunction,
    audioadapter_buffers::direct::InterleavedSlice,
};

/// How far a ratio may be from what the rates say: half a percent is not heard in speech, and ten times any crystal's error.
const MAX_DRIFT: f64 = 0.005;
/// Of the level's error, what is made good in a second.
const PROPORTIONAL: f64 = 0.5;
/// Of it, what is learned as drift in a second. The two together come to rest without swinging.
const INTEGRAL: f64 = 0.05;
/// Weight of a new level in the smoothed one: the level saws with the size of the device's callbacks.
const SMOOTHING: f64 = 0.02;

/// What a resampler could not do.
#[derive(Debug, thiserror::Error)]
pub enum DriftError {
    /// A rate that no device has.
    #[error("no sound is resampled from {from} Hz to {to} Hz")]
    Rates {
        /// From what.
        from: u32,
        /// To what.
        to: u32,
        /// What the resampler says.
        #[source]
        reason: rubato::ResamplerConstructionError,
    },
}

/// Follows a level: a controller with a proportional and an integral part.
#[derive(Debug)]
pub struct Follower {
    target: f64,
    level: Option<f64>,
    integral: f64,
}

impl Follower {
    /// Keeps a level of samples at `target`.
    pub fn new(target: usize) -> Self {
        Self { target: target as f64, level: None, integral: 0.0 }
    }

    /// Takes the level, every 10 ms. Returns by what part more should come out of a resampler than goes in, to take the level to its target;
    /// right for a ring behind the resampler and for one before it.
    pub fn follow(&mut self, level: usize) -> f64 {
        let level = level as f64;
        let smooth = self.level.get_or_insert(level);
        *smooth += (level - *smooth) * SMOOTHING;
        let error = (self.target - *smooth) / f64::from(RATE);
        let seconds = BLOCK as f64 / f64::from(RATE);
        self.integral = (self.integral + error * INTEGRAL * seconds).clamp(-MAX_DRIFT, MAX_DRIFT);
        (error * PROPORTIONAL + self.integral).clamp(-MAX_DRIFT, MAX_DRIFT)
    }

    /// What was learned of the two clocks: the part of what [`Follower::follow`] returns that lasts.
    pub fn drift(&self) -> f64 {
        self.integral
    }

    /// The level, smoothed; nothing yet at the beginning.
    pub fn level(&self) -> Option<f64> {
        self.level
    }

    /// Changes what is wanted.
    pub fn aim(&mut self, target: usize) {
        self.target = target as f64;
    }

    /// Forgets the level, not the drift: the ring was filled or emptied.
    pub fn restart(&mut self, target: usize) {
        self.level = None;
        self.target = target as f64;
    }
}

fn sinc(length: usize) -> SincInterpolationParameters {
    SincInterpolationParameters::new(length, WindowFunction::BlackmanHarris2).interpolation(SincInterpolationType::Linear).oversampling_factor(512)
}

/// Resamples one channel.
pub struct Converter {
    inner: Async<f32>,
    sound: Vec<f32>,
}

impl std::fmt::Debug for Converter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Converter").finish_non_exhaustive()
    }
}

impl Converter {
    /// For blocks of the call to a device: takes 10 ms, gives what comes of it.
    pub fn to_device(rate: u32) -> Result<Self, DriftError> {
        Self::new(RATE, rate, FixedAsync::Input)
    }

    /// For blocks of a device to the call: gives 10 ms, takes what it needs for it.
    pub fn from_device(rate: u32) -> Result<Self, DriftError> {
        Self::new(rate, RATE, FixedAsync::Output)
    }

    fn new(from: u32, to: u32, fixed: FixedAsync) -> Result<Self, DriftError> {
        let ratio = f64::from(to) / f64::from(from);
        // 64 taps delay by 0.7 ms.
        let inner =
            Async::new_sinc(ratio, 1.0 + 2.0 * MAX_DRIFT, &sinc(64), BLOCK, 1, fixed).map_err(|reason| DriftError::Rates { from, to, reason })?;
        let sound = vec![0.0; inner.output_frames_max()];
        Ok(Self { inner, sound })
    }

    /// How much it takes next time.
    pub fn needs(&self) -> usize {
        self.inner.input_frames_next()
    }

    /// Resamples `input`, which is as long as [`Converter::needs`] says, with `drift` (as of [`Follower::follow`]) more than the rates say.
    pub fn convert(&mut self, input: &[f32], drift: f64) -> &[f32] {
        let drift = drift.clamp(-MAX_DRIFT, MAX_DRIFT);
        let room = self.sound.len();
        let written = match (InterleavedSlice::new(input, 1, input.len()), InterleavedSlice::new_mut(&mut self.sound, 1, room)) {
            // For the next time: the ratio says how much is needed, which was said already for this time.
            (Ok(from), Ok(mut to)) => self
                .inner
                .process_into_buffer(&from, &mut to, None)
                .and_then(|(_, written)| self.inner.set_resample_ratio_relative(1.0 + drift, true).map(|()| written)),
            // Slices of one channel are as long as they say.
            _ => Ok(0),
        };
        match written {
            Ok(written) => &self.sound[..written],
            Err(error) => {
                tracing::error!(%error, "a block was not resampled");
                &[]
            }
        }
    }
}

/// Resamples a whole recording.
pub fn resample(sound: &[f32], from: u32, to: u32) -> Result<Vec<f32>, DriftError> {
    if from == to {
        return Ok(sound.to_vec());
    }
    let ratio = f64::from(to) / f64::from(from);
    let mut inner =
        Async::<f32>::new_sinc(ratio, 1.0, &sinc(256), 1024, 1, FixedAsync::Input).map_err(|reason| DriftError::Rates { from, to, reason })?;
    let Ok(input) = InterleavedSlice::new(sound, 1, sound.len()) else {
        return Ok(Vec::new());
    };
    match inner.process_all(&input, sound.len(), None) {
        Ok(output) => Ok(output.take_data()),
        Err(error) => {
            tracing::error!(%error, "a recording was not resampled");
            Ok(Vec::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A device that takes so many parts in a million more than its rate says, in callbacks of 256, for 90 s.
    fn drifting(ppm: f64) -> (usize, usize, usize) {
        let mut converter = Converter::to_device(RATE).unwrap();
        let mut follower = Follower::new(960);
        let (mut level, mut owed, mut lowest, mut highest, mut empty) = (960usize, 0.0, 960, 960, 0);
        for tick in 0..9_000 {
            let drift = follower.follow(level);
            level += converter.convert(&[0.1; BLOCK], drift).len();
            owed += BLOCK as f64 * (1.0 + ppm / 1e6);
            while owed >= 256.0 {
                owed -= 256.0;
                if level < 256 {
                    empty += 1;
                } else {
                    level -= 256;
                }
            }
            if tick > 4_000 {
                lowest = lowest.min(level);
                highest = highest.max(level);
            }
        }
        (lowest, highest, empty)
    }

    #[test]
    fn a_ring_between_two_clocks_stays_at_its_level() {
        for ppm in [-300.0, 50.0, 300.0] {
            let (lowest, highest, empty) = drifting(ppm);
            assert_eq!(empty, 0, "at {ppm} ppm");
            assert!(lowest > 300 && highest < 1_800, "{lowest} to {highest} at {ppm} ppm");
        }
    }

    #[test]
    fn a_tone_stays_what_it_is() {
        let tone = |rate: f32, n: usize| -> Vec<f32> { (0..n).map(|i| (i as f32 * 440.0 / rate * std::f32::consts::TAU).sin() * 0.5).collect() };
        let up = resample(&tone(22_050.0, 22_050), 22_050, 48_000).unwrap();
        let expected = tone(48_000.0, 48_000);
        assert!((47_990..=48_010).contains(&up.len()), "{}", up.len());
        for (found, expected) in up.iter().zip(&expected).skip(1_000).take(46_000) {
            // A sample off makes 0.03.
            assert!((found - expected).abs() < 0.03);
        }
    }

    #[test]
    fn a_microphone_at_another_rate_gives_blocks() {
        let mut converter = Converter::from_device(44_100).unwrap();
        let mut taken = 0;
        for _ in 0..100 {
            let needs = converter.needs();
            taken += needs;
            assert_eq!(converter.convert(&vec![0.0; needs], 0.0).len(), BLOCK);
        }
        assert!((44_000..44_300).contains(&taken), "{taken}");
    }
}
