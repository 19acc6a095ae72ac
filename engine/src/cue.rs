//! Short sounds that tell what happened: who came, who went, whether one is muted. The same as those of the web app.

use crate::sound::{BLOCK, Block};
use std::f32::consts::TAU;

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// Somebody came.
    Join,
    /// Somebody went.
    Leave,
    /// One is not heard any more.
    Mute,
    /// One is heard again.
    Unmute,
    /// Somebody wrote.
    Message,
    /// For a loudspeaker that is tried.
    Test,
}

impl Cue {
    /// Notes in hertz, one after the other: up for coming, down for going.
    fn notes(self) -> &'static [f32] {
        match self {
            Self::Join => &[523.25, 783.99],
            Self::Leave => &[659.25, 440.0],
            Self::Mute => &[392.0],
            Self::Unmute => &[523.25],
            Self::Message => &[587.33, 880.0],
            Self::Test => &[523.25, 659.25, 783.99, 1_046.5],
        }
    }

    /// Seconds between two notes.
    fn apart(self) -> f32 {
        if self == Self::Test { 0.22 } else { 0.11 }
    }

    /// Seconds until a note has died away.
    fn last(self) -> f32 {
        if self == Self::Test { 0.9 } else { 0.35 }
    }
}

/// Full scale is 1.
const LOUD: f32 = 0.1;
const FADED: f32 = 0.000_8;
/// Seconds.
const RISE: f32 = 0.012;
/// Seconds that a sample takes.
const SAMPLE: f32 = 1.0 / 48_000.0;

/// A cue that is being played.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chime {
    cue: Cue,
    at: usize,
}

impl Chime {
    pub(crate) fn new(cue: Cue) -> Self {
        Self { cue, at: 0 }
    }

    /// Adds the next 10 ms to a mix. Whether there is more of it.
    pub(crate) fn mix(&mut self, mix: &mut Block) -> bool {
        for (index, sample) in mix.iter_mut().enumerate() {
            let now = (self.at + index) as f32 * SAMPLE;
            for (note, hertz) in self.cue.notes().iter().enumerate() {
                *sample += self.tone(*hertz, now - note as f32 * self.cue.apart());
            }
        }
        self.at += BLOCK;
        (self.at as f32 * SAMPLE) < self.cue.notes().len() as f32 * self.cue.apart() + self.cue.last()
    }

    fn tone(&self, hertz: f32, since: f32) -> f32 {
        let last = self.cue.last();
        let gain = match since {
            ..0.0 => return 0.0,
            ..RISE => LOUD * since / RISE,
            _ if since < last => LOUD * (FADED / LOUD).powf((since - RISE) / (last - RISE)),
            _ => return 0.0,
        };
        gain * (TAU * hertz * since).sin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cue_is_soft_ends_by_itself_and_has_no_clicks() {
        for cue in [Cue::Join, Cue::Leave, Cue::Mute, Cue::Unmute, Cue::Message, Cue::Test] {
            let mut chime = Chime::new(cue);
            let mut played = Vec::new();
            loop {
                let mut block = [0.0; BLOCK];
                let more = chime.mix(&mut block);
                played.extend(block);
                if !more {
                    break;
                }
            }
            let loudest = played.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
            assert!((0.05..0.25).contains(&loudest), "{cue:?}: {loudest}");
            // A sine of that loudness moves by less than this from one sample to the next.
            let steepest = 2.0 * LOUD * TAU * 1_100.0 * SAMPLE;
            assert!(played.windows(2).all(|pair| (pair[1] - pair[0]).abs() < steepest), "{cue:?}");
            assert!(played.last().is_some_and(|last| last.abs() < 0.001));
            assert!(played.len() < 2 * 48_000);
        }
    }
}
