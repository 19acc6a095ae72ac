//! What key presses mean: those that are seen, whichever window they are for, and the ones that were chosen.
//!
//! No clock, no device. What is not a chosen key is forgotten at once, and nothing of it is ever logged.

use super::keys::{Chord, ESCAPE, Keys, MOUSE, Modifier};
use snug_ipc::shortcuts::ShortcutAction;
use std::collections::{BTreeMap, BTreeSet};

/// What a key press means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stroke {
    /// A chosen key went down, or came up.
    Acts(ShortcutAction, bool),
    /// A key was chosen.
    Recorded(ShortcutAction, Chord),
    /// None was, after all.
    Cancelled,
}

/// See the [module](self).
#[derive(Debug, Default)]
pub(super) struct Keyboard {
    down: BTreeSet<u16>,
    /// For what the keys that act are down.
    acting: BTreeMap<u16, ShortcutAction>,
    recording: Option<Recording>,
}

#[derive(Debug)]
struct Recording {
    action: ShortcutAction,
    /// A modifier that went down, and is the key itself if it comes up before any other does.
    alone: Option<u16>,
}

impl Keyboard {
    /// Takes the next key for this, or none after all.
    pub(super) fn record(&mut self, action: Option<ShortcutAction>) {
        self.recording = action.map(|action| Recording { action, alone: None });
    }

    /// For what the next key is taken.
    pub(super) fn recording(&self) -> Option<ShortcutAction> {
        self.recording.as_ref().map(|recording| recording.action)
    }

    /// Nobody tells of keys any more: none is down, as far as one knows.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// A key went down or came up. A key that is down and goes down again repeats itself, which means nothing.
    pub(super) fn key(&mut self, code: u16, down: bool, keys: &Keys) -> Option<Stroke> {
        let changed = if down { self.down.insert(code) } else { self.down.remove(&code) };
        if !changed {
            return None;
        }
        // Before all else: whoever holds the key for talking and lets go of it does not talk, whatever they do beside.
        if !down && let Some(action) = self.acting.remove(&code) {
            return Some(Stroke::Acts(action, false));
        }
        if self.recording.is_some() {
            return self.take(code, down);
        }
        if !down {
            return None;
        }
        let action = self.meant(code, keys)?;
        self.acting.insert(code, action);
        Some(Stroke::Acts(action, true))
    }

    /// Other modifiers than the chosen ones do not matter: one may run while one talks. Where that fits several, it is the one with
    /// the most modifiers.
    fn meant(&self, code: u16, keys: &Keys) -> Option<ShortcutAction> {
        let held = self.held(code);
        keys.iter()
            .filter(|(_, chord)| chord.code == code && chord.modifiers.iter().all(|modifier| held.contains(modifier)))
            .max_by_key(|(_, chord)| chord.modifiers.len())
            .map(|(action, _)| *action)
    }

    fn held(&self, but: u16) -> BTreeSet<Modifier> {
        self.down.iter().filter(|code| **code != but).filter_map(|code| Modifier::of(*code)).collect()
    }

    fn take(&mut self, code: u16, down: bool) -> Option<Stroke> {
        let held = self.held(code);
        let recording = self.recording.as_mut()?;
        let chosen = match (down, Modifier::of(code)) {
            (true, Some(_)) => {
                recording.alone = Some(code);
                false
            }
            // The left one chooses what to do, and the right one shows what could be done.
            (true, None) => code != MOUSE && code != MOUSE + 1,
            (false, Some(_)) => recording.alone == Some(code),
            (false, None) => false,
        };
        if !chosen {
            return None;
        }
        let action = recording.action;
        self.recording = None;
        if code == ESCAPE && held.is_empty() {
            return Some(Stroke::Cancelled);
        }
        Some(Stroke::Recorded(action, Chord { modifiers: held.into_iter().collect(), code }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ShortcutAction::{Deafen, Mute, Talk};

    const CTRL: u16 = 29;
    const RIGHT_CTRL: u16 = 97;
    const SHIFT: u16 = 42;
    const M: u16 = 50;
    const F9: u16 = 67;
    const SIDE: u16 = MOUSE + 3;

    fn chord(modifiers: &[Modifier], code: u16) -> Chord {
        Chord { modifiers: modifiers.to_vec(), code }
    }

    fn keys() -> Keys {
        Keys::from([(Talk, chord(&[], F9)), (Mute, chord(&[Modifier::Ctrl], M)), (Deafen, chord(&[Modifier::Ctrl, Modifier::Shift], M))])
    }

    /// What comes of `+` and `-` before numbers.
    fn strokes(keyboard: &mut Keyboard, keys: &Keys, given: &[(bool, u16)]) -> Vec<Stroke> {
        given.iter().filter_map(|(down, code)| keyboard.key(*code, *down, keys)).collect()
    }

    #[test]
    fn a_held_key_is_down_once_however_often_it_repeats() {
        let mut keyboard = Keyboard::default();
        let seen = strokes(&mut keyboard, &keys(), &[(true, F9), (true, F9), (true, F9), (false, F9), (false, F9)]);
        assert_eq!(seen, [Stroke::Acts(Talk, true), Stroke::Acts(Talk, false)]);
    }

    #[test]
    fn a_key_works_while_other_modifiers_are_down() {
        let mut keyboard = Keyboard::default();
        let seen = strokes(&mut keyboard, &keys(), &[(true, SHIFT), (true, RIGHT_CTRL), (true, F9), (false, SHIFT), (false, F9)]);
        assert_eq!(seen, [Stroke::Acts(Talk, true), Stroke::Acts(Talk, false)]);
    }

    #[test]
    fn of_two_that_fit_the_one_with_more_modifiers_is_meant() {
        let mut keyboard = Keyboard::default();
        let seen = strokes(&mut keyboard, &keys(), &[(true, CTRL), (true, M), (false, M), (true, SHIFT), (true, M), (false, M)]);
        assert_eq!(seen, [Stroke::Acts(Mute, true), Stroke::Acts(Mute, false), Stroke::Acts(Deafen, true), Stroke::Acts(Deafen, false)]);
    }

    #[test]
    fn a_key_without_its_modifiers_means_nothing() {
        assert_eq!(strokes(&mut Keyboard::default(), &keys(), &[(true, M), (true, CTRL), (false, M), (false, CTRL)]), []);
    }

    #[test]
    fn a_key_comes_up_even_when_its_modifiers_did_before() {
        let mut keyboard = Keyboard::default();
        let seen = strokes(&mut keyboard, &keys(), &[(true, CTRL), (true, M), (false, CTRL), (false, M)]);
        assert_eq!(seen, [Stroke::Acts(Mute, true), Stroke::Acts(Mute, false)]);
    }

    #[test]
    fn the_next_key_is_recorded_with_its_modifiers_and_does_nothing() {
        let mut keyboard = Keyboard::default();
        keyboard.record(Some(Mute));
        let seen = strokes(&mut keyboard, &keys(), &[(true, CTRL), (true, F9), (false, F9), (false, CTRL)]);
        assert_eq!(seen, [Stroke::Recorded(Mute, chord(&[Modifier::Ctrl], F9))]);
        assert_eq!(keyboard.recording(), None);
    }

    #[test]
    fn a_held_key_acts_when_it_comes_up_while_another_is_chosen() {
        for key in [F9, RIGHT_CTRL] {
            let keys = Keys::from([(Talk, chord(&[], key))]);
            let mut keyboard = Keyboard::default();
            assert_eq!(strokes(&mut keyboard, &keys, &[(true, key)]), [Stroke::Acts(Talk, true)]);
            keyboard.record(Some(Mute));
            assert_eq!(strokes(&mut keyboard, &keys, &[(false, key)]), [Stroke::Acts(Talk, false)]);
            assert_eq!(keyboard.recording(), Some(Mute));
            assert_eq!(strokes(&mut keyboard, &keys, &[(true, M)]), [Stroke::Recorded(Mute, chord(&[], M))]);
        }
    }

    #[test]
    fn a_modifier_by_itself_can_be_the_key() {
        let mut keyboard = Keyboard::default();
        keyboard.record(Some(Talk));
        assert_eq!(strokes(&mut keyboard, &keys(), &[(true, RIGHT_CTRL), (false, RIGHT_CTRL)]), [Stroke::Recorded(Talk, chord(&[], RIGHT_CTRL))]);
        let keys = Keys::from([(Talk, chord(&[], RIGHT_CTRL))]);
        assert_eq!(strokes(&mut keyboard, &keys, &[(true, RIGHT_CTRL), (false, RIGHT_CTRL)]), [Stroke::Acts(Talk, true), Stroke::Acts(Talk, false)]);
    }

    #[test]
    fn a_click_is_no_choice_but_a_side_button_is() {
        let mut keyboard = Keyboard::default();
        keyboard.record(Some(Talk));
        let seen = strokes(&mut keyboard, &keys(), &[(true, MOUSE), (false, MOUSE), (true, MOUSE + 1), (false, MOUSE + 1), (true, SIDE)]);
        assert_eq!(seen, [Stroke::Recorded(Talk, chord(&[], SIDE))]);
    }

    #[test]
    fn escape_leaves_it_as_it_was() {
        let mut keyboard = Keyboard::default();
        keyboard.record(Some(Talk));
        assert_eq!(strokes(&mut keyboard, &keys(), &[(true, ESCAPE)]), [Stroke::Cancelled]);
        assert_eq!(keyboard.recording(), None);
    }

    #[test]
    fn the_key_that_ended_the_choice_does_not_act_when_it_comes_up() {
        let mut keyboard = Keyboard::default();
        keyboard.record(Some(Talk));
        strokes(&mut keyboard, &keys(), &[(true, F9)]);
        assert_eq!(strokes(&mut keyboard, &keys(), &[(false, F9), (true, F9)]), [Stroke::Acts(Talk, true)]);
    }
}
