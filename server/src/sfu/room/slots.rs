//! Which voice is in which slot.

use super::{Member, Outgoing, Output, Room};
use crate::sfu::PeerId;
use std::time::{Duration, Instant};

/// How much louder somebody must be, in dB, to take the slot of one who speaks, and for how long that one has it anyway.
const LOUDER: f32 = 6.0;
const AT_LEAST: Duration = Duration::from_millis(500);

/// An m-line for voices.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) speaker: Option<PeerId>,
    /// Since when.
    since: Option<Instant>,
    pub(super) out: Outgoing,
}

impl Default for Slot {
    fn default() -> Self {
        Self { speaker: None, since: None, out: Outgoing::new(48_000, 1, 0) }
    }
}

/// What matters of somebody when slots are given away.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    peer: PeerId,
    speaks: bool,
    /// Nothing before they have spoken at all.
    audible: Option<Instant>,
    level: f32,
}

impl Room {
    /// Nobody hears somebody any more.
    pub(super) fn free_slots(&mut self, peer: PeerId) {
        for member in &mut self.members {
            for slot in member.slots.iter_mut().filter(|slot| slot.speaker == Some(peer)) {
                (slot.speaker, slot.since) = (None, None);
                slot.out.interrupt();
                Self::changed(&mut self.outputs, member.peer);
            }
        }
    }

    /// Free slots get somebody who has none, before they speak, so that all know whom they will hear.
    pub(super) fn fill_slots(&mut self) {
        for at in 0..self.members.len() {
            if self.members[at].slots.iter().all(|slot| slot.speaker.is_some()) {
                continue;
            }
            let listener = &self.members[at];
            let mut waiting = self
                .members
                .iter()
                .filter(|other| other.user != listener.user && listener.slot_of(other.peer).is_none())
                .map(|other| other.peer)
                .collect::<Vec<_>>()
                .into_iter();
            let listener = &mut self.members[at];
            for slot in listener.slots.iter_mut().filter(|slot| slot.speaker.is_none()) {
                let Some(next) = waiting.next() else { break };
                slot.speaker = Some(next);
                Self::changed(&mut self.outputs, listener.peer);
            }
        }
    }

    pub(super) fn standings(&self, now: Instant) -> Vec<Standing> {
        self.members.iter().map(|member| member.standing(now)).collect()
    }
}

impl Member {
    pub(super) fn slot_of(&self, speaker: PeerId) -> Option<usize> {
        self.slots.iter().position(|slot| slot.speaker == Some(speaker))
    }

    pub(super) fn standing(&self, now: Instant) -> Standing {
        Standing { peer: self.peer, speaks: self.may.speak && self.voice.audible_at(now), audible: self.voice.audible(), level: self.voice.level() }
    }

    /// Makes room for a speaker who has no slot; nothing when all others are louder.
    pub(super) fn give_slot(&mut self, now: Instant, speaker: Standing, all: &[Standing], outputs: &mut Vec<Output>) -> Option<usize> {
        let standing = |slot: &Slot| slot.speaker.and_then(|of| all.iter().find(|standing| standing.peer == of));
        let at = match self.slots.iter().position(|slot| slot.speaker.is_none()) {
            Some(free) => free,
            None => {
                let silent = (0..self.slots.len())
                    .filter_map(|at| Some((at, standing(&self.slots[at])?)))
                    .filter(|(_, of)| !of.speaks)
                    .min_by_key(|(_, of)| of.audible);
                match silent {
                    Some((at, _)) => at,
                    None => {
                        let settled = |slot: &Slot| slot.since.is_none_or(|since| now.saturating_duration_since(since) >= AT_LEAST);
                        (0..self.slots.len())
                            .filter(|at| settled(&self.slots[*at]))
                            .filter_map(|at| Some((at, standing(&self.slots[at])?)))
                            .filter(|(_, of)| speaker.level > of.level + LOUDER)
                            .min_by(|a, b| a.1.level.total_cmp(&b.1.level))?
                            .0
                    }
                }
            }
        };
        let slot = &mut self.slots[at];
        (slot.speaker, slot.since) = (Some(speaker.peer), Some(now));
        Room::changed(outputs, self.peer);
        Some(at)
    }
}
