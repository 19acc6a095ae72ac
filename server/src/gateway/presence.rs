//! Who is there: the best of somebody's sessions, within what they chose to show.

use crate::world::Person;
use snug_protocol::{ChosenStatus, Presence, Status, UserId};
use std::{
    collections::{BTreeSet, HashMap},
    time::{Duration, Instant},
};

/// How long somebody whose last connection was lost still counts as there: a reload is not an absence.
pub const GRACE: Duration = Duration::from_secs(10);
/// Changes within this time are told together: when everybody comes back at once, it is told a few times, not a
/// thousand times.
const TOGETHER: Duration = Duration::from_millis(250);

/// What the sessions of one user come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attendance {
    /// No session has a connection.
    Away,
    /// Some have, but the user is at none of these devices.
    Idle,
    /// The user is at one of them.
    Active,
}

/// What others see of somebody.
pub fn shown(person: &Person, attendance: Attendance) -> Presence {
    let status = match (person.status, attendance) {
        (_, Attendance::Away) | (ChosenStatus::Invisible, _) => Status::Offline,
        (ChosenStatus::Dnd, _) => Status::Dnd,
        (ChosenStatus::Idle, _) | (ChosenStatus::Online, Attendance::Idle) => Status::Idle,
        (ChosenStatus::Online, Attendance::Active) => Status::Online,
    };
    let text = if status == Status::Offline { String::new() } else { person.status_text.clone() };
    Presence { user_id: person.user.id, status, text }
}

/// Presences as they were last told, and whose may have changed since.
#[derive(Debug, Default)]
pub struct Presences {
    told: HashMap<UserId, Presence>,
    changed: BTreeSet<UserId>,
    last: Option<Instant>,
}

impl Presences {
    /// The presence that was last told; offline ones are not kept.
    pub fn get(&self, user: UserId) -> Option<&Presence> {
        self.told.get(&user)
    }

    /// Somebody's presence may have changed.
    pub fn touch(&mut self, user: UserId) {
        self.changed.insert(user);
    }

    /// Somebody is gone for good.
    pub fn forget(&mut self, user: UserId) {
        self.told.remove(&user);
        self.changed.remove(&user);
    }

    /// What is to be told now: at once after a quiet time, together while much changes.
    pub fn due(&mut self, now: Instant, current: impl Fn(UserId) -> Option<Presence>) -> Vec<Presence> {
        if self.changed.is_empty() || self.last.is_some_and(|last| now.saturating_duration_since(last) < TOGETHER) {
            return Vec::new();
        }
        let mut due = Vec::new();
        for user in std::mem::take(&mut self.changed) {
            let Some(presence) = current(user) else { continue };
            let same = self.told.get(&user).map_or(presence.status == Status::Offline, |told| *told == presence);
            if same {
                continue;
            }
            if presence.status == Status::Offline {
                self.told.remove(&user);
            } else {
                self.told.insert(user, presence.clone());
            }
            due.push(presence);
        }
        if !due.is_empty() {
            self.last = Some(now);
        }
        due
    }
}
