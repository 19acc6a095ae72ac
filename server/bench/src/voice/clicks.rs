//! Clicks, and how long they take from one recording to another.

use super::speech::RATE;
use crate::{
    figures::{percentile, rounded},
    random::Random,
};
use serde::Serialize;
use snug_session::sound::Tape;
use std::{f32::consts::TAU, time::Duration};

/// Samples of a click: 5 ms.
const CLICK: usize = RATE / 200;
/// What it rings at, in hertz: every codec of speech carries it.
const PITCH: f32 = 1_500.0;
/// The loudest sound between clicks. Without it the server would pass nothing on there, and each click would begin anew.
const MURMUR: f32 = 0.02;
/// How long a click is looked for, in nanoseconds: the next one is not played before.
const LONGEST: i64 = 390_000_000;
/// By how much a click is to stand out of what is around it, in amplitude.
const STANDS_OUT: f32 = 5.0;

/// Clicks at irregular times.
#[derive(Debug)]
pub(crate) struct Train {
    /// All of it, at 48 kHz.
    pub(crate) sound: Vec<f32>,
    /// Where those begin that count.
    starts: Vec<usize>,
}

/// How long clicks took, in milliseconds.
#[derive(Debug, Serialize)]
pub(crate) struct Waits {
    p50: Option<f64>,
    p95: Option<f64>,
    /// How many were heard.
    heard: usize,
    /// Of how many.
    of: usize,
}

/// A click's shape, in phase and a quarter of a period later.
fn click() -> Vec<(f32, f32)> {
    let length = CLICK as f32;
    let shape = |index: usize| {
        let at = index as f32 + 0.5;
        let window = 0.5 - 0.5 * (at / length * TAU).cos();
        let (sin, cos) = (at / RATE as f32 * PITCH * TAU).sin_cos();
        (window * sin, window * cos)
    };
    (0..CLICK).map(shape).collect()
}

impl Train {
    /// So many clicks that count, after others for the time `warm`.
    pub(crate) fn new(count: usize, warm: Duration) -> Self {
        let mut random = Random::new(7);
        let mut starts = Vec::new();
        let (mut at, mut counted) = (RATE / 2, 0);
        while counted < count {
            starts.push(at);
            counted += usize::from(at as f64 > warm.as_secs_f64() * RATE as f64);
            // 400 to 500 ms: no period of anything.
            at += 2 * RATE / 5 + random.below(RATE as u64 / 10) as usize;
        }
        let mut sound: Vec<f32> = (0..at).map(|_| (random.below(2_001) as f32 / 1_000.0 - 1.0) * MURMUR).collect();
        for start in &starts {
            for (to, (from, _)) in sound[*start..].iter_mut().zip(click()) {
                *to += 0.5 * from;
            }
        }
        starts.drain(..starts.len() - count);
        Self { sound, starts }
    }

    /// How long it lasts.
    pub(crate) fn lasts(&self) -> Duration {
        Duration::from_secs_f64(self.sound.len() as f64 / RATE as f64)
    }

    /// Finds each click that was played in what was heard.
    pub(crate) fn find(&self, played: &Tape, heard: &Tape) -> Waits {
        let shape = click();
        let wait = |start: &usize| {
            let from = played.nanoseconds(*start)?;
            let (first, last) = (heard.sample(from)?, heard.sample(from + LONGEST)?);
            let at = first + loudest(&shape, heard.samples.get(first..last)?)?;
            Some((heard.nanoseconds(at)? - from) as f64 / 1e6)
        };
        let mut waits: Vec<f64> = self.starts.iter().filter_map(wait).collect();
        waits.sort_by(f64::total_cmp);
        let share = |share| (!waits.is_empty()).then(|| rounded(percentile(&waits, share)));
        Waits { p50: share(0.5), p95: share(0.95), heard: waits.len(), of: self.starts.len() }
    }
}

/// Where a click begins in a sound; nothing if there is none.
fn loudest(shape: &[(f32, f32)], sound: &[f32]) -> Option<usize> {
    let strength = |at: usize| {
        let sum = |(x, y): (f32, f32), (sample, (sin, cos)): (&f32, &(f32, f32))| (x + sample * sin, y + sample * cos);
        let (x, y) = sound[at..].iter().zip(shape).fold((0.0, 0.0), sum);
        x.hypot(y)
    };
    let strengths: Vec<f32> = (0..sound.len().checked_sub(shape.len())?).map(strength).collect();
    let most = strengths.iter().copied().fold(0.0, f32::max);
    let usual = strengths.iter().sum::<f32>() / strengths.len() as f32;
    if most < STANDS_OUT * usual {
        return None;
    }
    strengths.iter().position(|strength| *strength == most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_session::sound::Mark;

    #[test]
    fn clicks_are_found_where_they_are() {
        let train = Train::new(10, Duration::from_secs(1));
        let marks = |samples: usize| {
            let mark = |sample: usize| Mark { sample, nanoseconds: 5_000_000_000 + sample as i64 * 1_000_000_000 / RATE as i64 };
            (0..samples).step_by(128).map(mark).collect::<Vec<_>>()
        };
        let mut late = vec![0.0; 2_880];
        late.extend(train.sound.iter().map(|sample| sample * 0.3));
        late.resize(late.len() + RATE, 0.0);
        let played = Tape { samples: Vec::new(), marks: marks(train.sound.len()) };
        let heard = Tape { marks: marks(late.len()), samples: late };
        let waits = train.find(&played, &heard);
        assert_eq!((waits.heard, waits.of), (10, 10));
        assert!((waits.p50.unwrap() - 60.0).abs() < 0.2 && (waits.p95.unwrap() - 60.0).abs() < 0.2, "{waits:?}");
    }

    #[test]
    fn silence_has_no_clicks() {
        assert_eq!(loudest(&click(), &vec![0.001; 20_000]), None);
    }
}
