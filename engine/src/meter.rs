//! Levels, as they go on the wire and onto the screen.

use crate::sound::{decibels, rms};

/// The level of a frame (RFC 6464): 0 is as loud as can be, 127 is silence, in steps of -1 dBov.
pub fn wire_level(sound: &[f32]) -> u8 {
    let rms = rms(sound);
    if rms <= 0.0 {
        return 127;
    }
    (-decibels(rms)).round().clamp(0.0, 127.0) as u8
}

/// A meter that rises at once and falls slowly, as eyes like it.
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    level_db: f32,
}

impl Default for Meter {
    fn default() -> Self {
        Self { level_db: Self::SILENCE_DB }
    }
}

impl Meter {
    /// What is shown for silence.
    pub const SILENCE_DB: f32 = -100.0;
    /// How much it falls in 10 ms.
    const FALL_DB: f32 = 0.4;

    /// Takes 10 ms.
    pub fn take(&mut self, sound: &[f32]) {
        let now = decibels(rms(sound)).max(Self::SILENCE_DB);
        self.level_db = now.max(self.level_db - Self::FALL_DB);
    }

    /// The level, in dBFS: -100 to about 0.
    pub fn level_db(&self) -> f32 {
        self.level_db
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_those_of_the_rfc() {
        assert_eq!(wire_level(&[0.0; 960]), 127);
        assert_eq!(wire_level(&[1.0; 960]), 0);
        assert_eq!(wire_level(&[0.1; 960]), 20);
        assert_eq!(wire_level(&[]), 127);
    }

    #[test]
    fn a_meter_falls_slowly() {
        let mut meter = Meter::default();
        meter.take(&[0.1; 480]);
        meter.take(&[0.0; 480]);
        assert!((-21.0..-20.0).contains(&meter.level_db()));
    }
}
