//! Makes sound shorter or longer by whole periods of the voice (WSOLA: Verhelst and Roelands, 1993).

use crate::sound::{BLOCK, Block, rms};

/// The shortest period: 400 Hz.
const MIN_LAG: usize = 120;
/// The longest period: 67 Hz.
pub(super) const MAX_LAG: usize = 720;
/// How much sound [`shorten`] needs.
pub(super) const NEEDED: usize = 2 * MAX_LAG;
/// What two stretches of sound are compared over.
const COMPARED: usize = 480;
/// Below this, nobody hears what is taken out or put in: -50 dBFS.
const QUIET: f32 = 0.003;
/// How alike two periods are that may stand for each other: as in NetEQ.
const ALIKE: f32 = 0.9;

/// How hard it is to try.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Urgency {
    /// Only what is softer than this amplitude: nobody speaks.
    InPauses {
        /// Root mean square.
        below: f32,
    },
    /// Also in voice, where it is like itself a period later.
    InVoice,
    /// Anywhere.
    Hard,
}

impl Urgency {
    fn allows(self, level: f32, likeness: f32) -> bool {
        match self {
            Self::InPauses { below } => level < below,
            Self::InVoice => level < QUIET || likeness > ALIKE,
            Self::Hard => true,
        }
    }
}

/// Takes a period out of the front of `sound`, which must be [`NEEDED`] long. Returns how many samples went.
pub(super) fn shorten(sound: &mut Vec<f32>, urgency: Urgency) -> usize {
    debug_assert!(sound.len() >= NEEDED);
    let (lag, likeness) = best_lag(MAX_LAG, |lag, step| likeness(sound, 0, lag, step));
    if !urgency.allows(rms(&sound[..NEEDED]), likeness) {
        return 0;
    }
    for index in 0..lag {
        let fade = (index as f32 + 0.5) / lag as f32;
        sound[index] += (sound[lag + index] - sound[index]) * fade;
    }
    sound.drain(lag..2 * lag);
    lag
}

/// Repeats a period at the front of `sound`, whose past is `history`. Returns how many samples came.
pub(super) fn lengthen(history: &[f32], sound: &mut Vec<f32>, urgency: Urgency) -> usize {
    let longest = MAX_LAG.min(sound.len());
    if history.len() < MAX_LAG || longest < MIN_LAG + 4 {
        return 0;
    }
    let compared = COMPARED.min(sound.len());
    let mut around = history[history.len() - MAX_LAG..].to_vec();
    around.extend_from_slice(&sound[..compared]);
    let (lag, likeness) = best_lag(longest, |lag, step| likeness(&around, MAX_LAG - lag, MAX_LAG, step));
    if !urgency.allows(rms(&around), likeness) {
        return 0;
    }
    let before = &history[history.len() - lag..];
    let mut period = Vec::with_capacity(lag);
    for index in 0..lag {
        let fade = (index as f32 + 0.5) / lag as f32;
        period.push(sound[index] + (before[index] - sound[index]) * fade);
    }
    sound.splice(0..0, period);
    lag
}

/// What would probably follow on `history`: its last period, again and again.
pub(super) fn extrapolate(history: &[f32], samples: usize) -> Vec<f32> {
    if history.len() < MAX_LAG + COMPARED {
        return vec![0.0; samples];
    }
    let end = history.len() - COMPARED;
    let (lag, _) = best_lag(MAX_LAG, |lag, step| likeness(history, end - lag, end, step));
    let period = &history[history.len() - lag..];
    period.iter().copied().cycle().take(samples).collect()
}

/// Lets 10 ms fall silent.
pub(super) fn fade_out(block: &mut Block) {
    for (index, sample) in block.iter_mut().enumerate() {
        *sample *= 1.0 - (index as f32 + 1.0) / BLOCK as f32;
    }
}

/// The lag at which sound is most like itself, and how alike: coarsely first, then around the best.
fn best_lag(longest: usize, likeness: impl Fn(usize, usize) -> f32) -> (usize, f32) {
    let best = |lags: &mut dyn Iterator<Item = usize>, step| {
        lags.map(|lag| (lag, likeness(lag, step))).fold((MIN_LAG, -1.0), |best, next| if next.1 > best.1 { next } else { best })
    };
    let (coarse, _) = best(&mut (MIN_LAG..=longest).step_by(6), 3);
    best(&mut (coarse.saturating_sub(5).max(MIN_LAG)..=(coarse + 5).min(longest)), 1)
}

/// Normalized correlation, -1 to 1, of what stands at `a` and at `b`.
fn likeness(sound: &[f32], a: usize, b: usize, step: usize) -> f32 {
    let length = COMPARED.min(sound.len() - a.max(b));
    let (mut product, mut first, mut second) = (0.0, 1e-9, 1e-9);
    for (x, y) in sound[a..a + length].iter().zip(&sound[b..b + length]).step_by(step) {
        product += x * y;
        first += x * x;
        second += y * y;
    }
    product / f32::sqrt(first * second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(samples: usize) -> Vec<f32> {
        (0..samples).map(|i| (i as f32 / 300.0 * std::f32::consts::TAU).sin() * 0.3).collect()
    }

    /// The largest step between neighbours, beside that of the voice itself.
    fn roughness(sound: &[f32]) -> f32 {
        sound.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn a_voice_is_shortened_by_its_period() {
        let mut sound = voice(2_000);
        let smooth = roughness(&sound);
        let taken = shorten(&mut sound, Urgency::InVoice);
        assert_eq!(taken % 300, 0);
        assert_eq!(sound.len(), 2_000 - taken);
        assert!(roughness(&sound) < smooth * 1.1);
    }

    #[test]
    fn a_voice_is_lengthened_by_its_period() {
        let whole = voice(2_400);
        let (history, rest) = whole.split_at(1_440);
        let mut sound = rest.to_vec();
        let put = lengthen(history, &mut sound, Urgency::InVoice);
        assert_eq!(put % 300, 0);
        assert!(put > 0);
        assert_eq!(sound.len(), 960 + put);
        assert!(roughness(&[history, &sound].concat()) < roughness(&whole) * 1.1);
    }

    #[test]
    fn noise_is_left_alone_unless_it_must_be() {
        let mut seed = 1u32;
        let mut sound: Vec<f32> = (0..2_000)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
            })
            .collect();
        assert_eq!(shorten(&mut sound, Urgency::InVoice), 0);
        assert!(shorten(&mut sound, Urgency::Hard) > 0);
    }

    #[test]
    fn a_voice_goes_on() {
        let whole = voice(3_000);
        let next = extrapolate(&whole[..2_000], 240);
        for (found, expected) in next.iter().zip(&whole[2_000..]) {
            assert!((found - expected).abs() < 0.02);
        }
    }
}
