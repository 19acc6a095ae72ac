//! When what the microphone hears is sent.

/// When to send.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    /// While a key is held.
    PushToTalk,
    /// While somebody speaks louder than `threshold_db` (dBFS, after processing).
    VoiceActivity {
        /// -100 to 0.
        threshold_db: f32,
    },
    /// Always.
    Open,
}

/// What to do with 10 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Send it.
    Open,
    /// Send it, and nothing after it: fade it out.
    Closing,
    /// Do not send it.
    Closed,
}

/// Blocks for which the gate stays open after the last voice: words end softly, and pauses between them are no ends.
const VOICE_HANG_OVER: u32 = 40;
/// Blocks for which it stays open after the key is up: fingers are quicker than tongues.
const KEY_HANG_OVER: u32 = 15;
/// Below the threshold by this much, a voice that is heard already goes on.
const HYSTERESIS_DB: f32 = 6.0;
/// The probability of speech from which a sound counts as a voice.
const SPEECH: f32 = 0.5;

/// Decides, block by block.
#[derive(Debug)]
pub struct Gate {
    mode: Mode,
    held: bool,
    left: u32,
}

impl Gate {
    /// A closed gate.
    pub fn new(mode: Mode) -> Self {
        Self { mode, held: false, left: 0 }
    }

    /// Changes when to send.
    pub fn set(&mut self, mode: Mode) {
        self.mode = mode;
    }

    /// Whether the key is held.
    pub fn hold(&mut self, held: bool) {
        self.held = held;
    }

    /// Whether the last block was sent.
    pub fn is_open(&self) -> bool {
        self.left > 0
    }

    /// Takes what is known of 10 ms: the level in dBFS, and the probability (0 to 1) that it is speech, if somebody reckons it.
    pub fn decide(&mut self, level_db: f32, speech: Option<f32>) -> Verdict {
        let was_open = self.left > 0;
        let hang_over = match self.mode {
            Mode::Open => Some(1),
            Mode::PushToTalk => self.held.then_some(KEY_HANG_OVER),
            Mode::VoiceActivity { threshold_db } => {
                let threshold = if was_open { threshold_db - HYSTERESIS_DB } else { threshold_db };
                let voiced = speech.is_none_or(|speech| speech > SPEECH || was_open);
                (level_db > threshold && voiced).then_some(VOICE_HANG_OVER)
            }
        };
        self.left = hang_over.unwrap_or(self.left.saturating_sub(1));
        match (was_open, self.left > 0) {
            (_, true) => Verdict::Open,
            (true, false) => Verdict::Closing,
            (false, false) => Verdict::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOICE: Mode = Mode::VoiceActivity { threshold_db: -40.0 };

    fn decide(gate: &mut Gate, level_db: f32, blocks: u32) -> Vec<Verdict> {
        (0..blocks).map(|_| gate.decide(level_db, None)).collect()
    }

    #[test]
    fn the_end_of_a_word_is_sent() {
        let mut gate = Gate::new(VOICE);
        assert_eq!(decide(&mut gate, -50.0, 1), [Verdict::Closed]);
        assert_eq!(decide(&mut gate, -30.0, 1), [Verdict::Open]);
        let after = decide(&mut gate, -60.0, VOICE_HANG_OVER + 1);
        let open = after.iter().filter(|verdict| **verdict == Verdict::Open).count();
        assert_eq!(open as u32, VOICE_HANG_OVER - 1);
        assert_eq!(after[after.len() - 2..], [Verdict::Closing, Verdict::Closed]);
    }

    #[test]
    fn a_voice_at_the_threshold_does_not_flutter() {
        let mut gate = Gate::new(VOICE);
        decide(&mut gate, -39.0, 1);
        assert!(decide(&mut gate, -44.0, 200).iter().all(|verdict| *verdict == Verdict::Open));
        decide(&mut gate, -90.0, 100);
        assert!(decide(&mut gate, -44.0, 200).iter().all(|verdict| *verdict == Verdict::Closed));
    }

    #[test]
    fn loud_noise_that_is_no_speech_is_not_sent() {
        let mut gate = Gate::new(VOICE);
        assert_eq!(gate.decide(-10.0, Some(0.1)), Verdict::Closed);
        assert_eq!(gate.decide(-10.0, Some(0.9)), Verdict::Open);
    }

    #[test]
    fn nothing_is_sent_without_the_key() {
        let mut gate = Gate::new(Mode::PushToTalk);
        assert_eq!(decide(&mut gate, 0.0, 1), [Verdict::Closed]);
        gate.hold(true);
        assert_eq!(decide(&mut gate, -90.0, 1), [Verdict::Open]);
        gate.hold(false);
        let after = decide(&mut gate, 0.0, KEY_HANG_OVER + 1);
        assert_eq!(after.last(), Some(&Verdict::Closed));
    }
}
