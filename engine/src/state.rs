//! What a window shows of the engine: one state, and what changes it.
//!
//! Whoever applies every [`Delta`] to a [`State`] has the engine's own. [`State::replicate`] gives deltas that make it from nothing.

use crate::{
    call::Settings,
    device::{Choice, Device, Direction},
    transport::Link,
};
use snug_protocol::{UserId, voice::TrackRef};
use std::{collections::BTreeMap, sync::Arc};

/// How a microphone or a loudspeaker is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Use {
    /// It is not: nobody talks or tests.
    #[default]
    Off,
    /// It is being opened, again and again until it is there.
    Opening,
    /// It is open.
    Open {
        /// What people call it.
        name: String,
        /// Whether it stands in for the chosen one, which is away.
        instead: bool,
    },
}

/// See the [module](self).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// What could be used.
    pub devices: Vec<Device>,
    /// Which microphone was chosen.
    pub microphone_choice: Choice,
    /// Which loudspeaker was chosen.
    pub speaker_choice: Choice,
    /// How the microphone is used.
    pub microphone: Use,
    /// How the loudspeaker is used.
    pub speaker: Use,
    /// How the way to the server is; nothing without a call.
    pub link: Option<Link>,
    /// Whether one sent for silence.
    pub muted: bool,
    /// Whether one hears nothing.
    pub deafened: bool,
    /// Whether what the microphone hears is sent.
    pub open: bool,
    /// What one has set.
    pub settings: Settings,
    /// Whom each line carries.
    pub lines: BTreeMap<Arc<str>, Option<TrackRef>>,
    /// How loud people are, in percent; 100 for all who are not in it.
    pub volumes: BTreeMap<UserId, u16>,
}

/// A change of a [`State`].
#[derive(Clone, Debug, PartialEq)]
pub enum Delta {
    /// Devices came or went.
    Devices(Vec<Device>),
    /// Another device was chosen.
    Choice(Direction, Choice),
    /// A device is used otherwise.
    Use(Direction, Use),
    /// The way to the server changed.
    Link(Option<Link>),
    /// One sent for silence, or no more.
    Muted(bool),
    /// One hears nothing, or does again.
    Deafened(bool),
    /// What the microphone hears is sent, or no more.
    Open(bool),
    /// Something was set.
    Settings(Settings),
    /// The lines carry others.
    Lines(BTreeMap<Arc<str>, Option<TrackRef>>),
    /// Somebody is to be louder or softer.
    Volume(UserId, u16),
}

impl State {
    /// Changes it.
    pub fn apply(&mut self, delta: Delta) {
        match delta {
            Delta::Devices(devices) => self.devices = devices,
            Delta::Choice(Direction::Input, choice) => self.microphone_choice = choice,
            Delta::Choice(Direction::Output, choice) => self.speaker_choice = choice,
            Delta::Use(Direction::Input, used) => self.microphone = used,
            Delta::Use(Direction::Output, used) => self.speaker = used,
            Delta::Link(link) => self.link = link,
            Delta::Muted(muted) => self.muted = muted,
            Delta::Deafened(deafened) => self.deafened = deafened,
            Delta::Open(open) => self.open = open,
            Delta::Settings(settings) => self.settings = settings,
            Delta::Lines(lines) => self.lines = lines,
            Delta::Volume(user, percent) => {
                self.volumes.insert(user, percent);
            }
        }
    }

    /// What makes this state from nothing.
    pub fn replicate(&self) -> Vec<Delta> {
        let mut deltas = vec![
            Delta::Devices(self.devices.clone()),
            Delta::Choice(Direction::Input, self.microphone_choice.clone()),
            Delta::Choice(Direction::Output, self.speaker_choice.clone()),
            Delta::Use(Direction::Input, self.microphone.clone()),
            Delta::Use(Direction::Output, self.speaker.clone()),
            Delta::Link(self.link),
            Delta::Muted(self.muted),
            Delta::Deafened(self.deafened),
            Delta::Open(self.open),
            Delta::Settings(self.settings.clone()),
            Delta::Lines(self.lines.clone()),
        ];
        deltas.extend(self.volumes.iter().map(|(user, percent)| Delta::Volume(*user, *percent)));
        deltas
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_replicated_is_the_same() {
        let mut state = State {
            devices: vec![Device { id: "a".into(), name: "A".into(), direction: Direction::Input }],
            microphone_choice: Choice::Id("a".into()),
            microphone: Use::Open { name: "A".into(), instead: false },
            speaker: Use::Opening,
            link: Some(Link::Up),
            muted: true,
            deafened: true,
            open: true,
            ..State::default()
        };
        state.lines.insert("0".into(), None);
        state.settings.output_volume = 50;
        let mut copy = State::default();
        for delta in state.replicate() {
            copy.apply(delta);
        }
        assert_eq!(copy, state);
    }
}
