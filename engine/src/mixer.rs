//! Many voices become one sound: each as loud as one likes, all about as loud as each other, never louder than can be played.

use crate::sound::{BLOCK, Block, amplitude, decibels, rms};
use std::collections::VecDeque;

/// How loud voices are made that are evened out: -23 dBFS while they speak.
const LEVEL_DB: f32 = -23.0;
/// What is no speech is not listened to: -50 dBFS.
const SPEECH_DB: f32 = -50.0;
/// By how much voices are made louder or softer at most.
const MAX_EVENING_DB: f32 = 12.0;
/// How much of the difference is made good in 10 ms of speech: half of it in about 3 s.
const EVENING: f32 = 0.0025;

/// The voice of one person, on its way to the mix.
#[derive(Debug)]
pub struct Voice {
    /// 0 to 2.
    volume: f32,
    evened: bool,
    /// What speech was like so far, in dBFS.
    loudness_db: f32,
    /// What was applied last, so that the next goes on from there.
    gain: f32,
}

impl Default for Voice {
    fn default() -> Self {
        Self { volume: 1.0, evened: true, loudness_db: LEVEL_DB, gain: 1.0 }
    }
}

impl Voice {
    /// How loud one wants it: 0 to 200 %.
    pub fn set_volume(&mut self, percent: u16) {
        self.volume = f32::from(percent.min(200)) / 100.0;
    }

    /// Whether it is made as loud as the others are.
    pub fn set_evened(&mut self, evened: bool) {
        self.evened = evened;
    }

    /// Applies it to 10 ms, adding them to a mix.
    pub fn mix(&mut self, sound: &Block, mix: &mut Block) {
        let level = decibels(rms(sound));
        if level > SPEECH_DB {
            self.loudness_db += (level - self.loudness_db) * EVENING;
        }
        let evening = if self.evened { (LEVEL_DB - self.loudness_db).clamp(-MAX_EVENING_DB, MAX_EVENING_DB) } else { 0.0 };
        let gain = self.volume * amplitude(evening);
        let step = (gain - self.gain) / BLOCK as f32;
        for (index, (to, from)) in mix.iter_mut().zip(sound).enumerate() {
            *to += from * (self.gain + step * (index as f32 + 1.0));
        }
        self.gain = gain;
    }
}

/// Looks 1.25 ms ahead: what comes is louder than can be played, so it is made softer before, and slowly loud again after.
#[derive(Debug)]
pub struct Limiter {
    ahead: VecDeque<f32>,
    /// The least gain that each sample ahead needs, falling towards the front: (how many samples away, gain).
    needed: VecDeque<(u64, f32)>,
    at: u64,
    gain: f32,
}

/// The loudest sample that is played: -1 dBFS, so that a resampler after it does not clip either.
const CEILING: f32 = 0.89;
const LOOK_AHEAD: usize = 60;
/// Of what is missing to full gain, what is given back with each sample: half of it in 50 ms.
const RELEASE: f32 = 0.0003;

impl Default for Limiter {
    fn default() -> Self {
        Self { ahead: VecDeque::from(vec![0.0; LOOK_AHEAD]), needed: VecDeque::with_capacity(LOOK_AHEAD + 1), at: 0, gain: 1.0 }
    }
}

impl Limiter {
    /// Limits 10 ms, in place; what comes out is 1.25 ms later.
    pub fn limit(&mut self, block: &mut Block) {
        for sample in block {
            let need = (CEILING / sample.abs().max(CEILING)).min(1.0);
            // The smallest of a moving window (Lemire, 2006): who is greater than one that stays longer is never needed.
            while self.needed.back().is_some_and(|(_, gain)| *gain >= need) {
                self.needed.pop_back();
            }
            self.needed.push_back((self.at, need));
            let old = self.at.saturating_sub(LOOK_AHEAD as u64);
            while self.needed.front().is_some_and(|(at, _)| *at < old) {
                self.needed.pop_front();
            }
            let least = self.needed.front().map_or(1.0, |(_, gain)| *gain);
            if least < self.gain {
                // There in time, and smoothly: nine tenths of the way within the look-ahead, the rest by the clamp.
                self.gain += (least - self.gain) * 0.08;
            } else {
                self.gain += (least - self.gain) * RELEASE;
            }
            self.at += 1;
            self.ahead.push_back(*sample);
            let sound = self.ahead.pop_front().unwrap_or(0.0);
            *sample = (sound * self.gain).clamp(-1.0, 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(amplitude: f32, block: usize) -> Block {
        std::array::from_fn(|i| ((block * BLOCK + i) as f32 * 300.0 / 48_000.0 * std::f32::consts::TAU).sin() * amplitude)
    }

    fn level_after(voice: &mut Voice, amplitude: f32, blocks: usize) -> f32 {
        let mut mix = [0.0; BLOCK];
        for block in 0..blocks {
            mix = [0.0; BLOCK];
            voice.mix(&tone(amplitude, block), &mut mix);
        }
        decibels(rms(&mix))
    }

    #[test]
    fn soft_and_loud_voices_become_alike() {
        let soft = level_after(&mut Voice::default(), 0.04, 3_000);
        let loud = level_after(&mut Voice::default(), 0.3, 3_000);
        assert!((soft - loud).abs() < 1.0, "{soft} and {loud} dB");
    }

    #[test]
    fn what_is_not_evened_out_is_left_as_it_is() {
        let mut voice = Voice::default();
        voice.set_evened(false);
        assert!((level_after(&mut voice, 0.1, 1_000) - decibels(0.0707)).abs() < 0.1);
        voice.set_volume(200);
        assert!((level_after(&mut voice, 0.1, 2) - decibels(0.1414)).abs() < 0.1);
        voice.set_volume(0);
        level_after(&mut voice, 0.1, 1);
        assert!(level_after(&mut voice, 0.1, 1) < -100.0);
    }

    #[test]
    fn many_loud_voices_do_not_clip() {
        let mut limiter = Limiter::default();
        let mut clipped = 0;
        for index in 0..200 {
            let loud = if index % 50 < 25 { 3.0 } else { 0.1 };
            let mut block = tone(loud, index);
            limiter.limit(&mut block);
            clipped += block.iter().filter(|sample| sample.abs() > 0.95).count();
        }
        assert_eq!(clipped, 0);
    }

    #[test]
    fn what_is_soft_enough_is_only_delayed() {
        let mut limiter = Limiter::default();
        let mut first = tone(0.5, 0);
        limiter.limit(&mut first);
        let original = tone(0.5, 0);
        assert_eq!(first[LOOK_AHEAD..], original[..BLOCK - LOOK_AHEAD]);
    }
}
