//! The hub: the world and all sessions. Committed changes come in, and each session is told what it may know.
//!
//! One lock orders it all: a session that identifies while something is published has it either in its `ready` or as
//! a dispatch after it, never both, never neither.

use super::{
    live::Live,
    presence::{GRACE, shown},
    session::{Dispatch, Output, Resumption, Scope, Session},
    view::View,
};
use crate::{
    auth::Actor,
    metrics::Metrics,
    store::Publish,
    voice::Device,
    world::{Change, Person, World},
};
use snug_protocol::{ChannelId, Event, MessageId, Permission, Presence, SessionId, SpaceId, Status, UserId, gateway::*, voice::VoiceState};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard},
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// How often the same person typing in the same channel is passed on.
const TYPING: Duration = Duration::from_secs(5);

/// A session and the bell that wakes its connection.
///
/// Each connection has a bell of its own: what rings for the one that goes on is not heard by the one that it replaces,
/// which has to hear that it is replaced.
#[derive(Debug)]
pub struct Slot {
    /// The session's number.
    pub device: Device,
    session: Mutex<Session>,
    /// Rung when there is something to send, or the connection is to be closed.
    bell: Mutex<Arc<Notify>>,
}

impl Slot {
    pub(super) fn new(device: Device, session: Session) -> Self {
        Self { device, session: Mutex::new(session), bell: Mutex::default() }
    }

    /// The bell of the connection that is there.
    pub fn bell(&self) -> Arc<Notify> {
        self.bell.lock().unwrap_or_else(|e| e.into_inner()).clone()
    }

    pub(super) fn ring(&self) {
        self.bell.lock().unwrap_or_else(|e| e.into_inner()).notify_one();
    }

    /// Makes a bell for a new connection, and rings that of the one before.
    fn hand_over(&self) {
        let before = std::mem::take(&mut *self.bell.lock().unwrap_or_else(|e| e.into_inner()));
        before.notify_one();
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// What the connection is to do next.
    pub fn poll(&self, link: u64) -> Output {
        self.lock().poll(link)
    }

    /// Why the connection is to be closed, if it is.
    pub fn closing(&self, link: u64) -> Option<(u16, &'static str)> {
        self.lock().closing(link)
    }

    /// A frame that goes before the next dispatch.
    pub fn greet(&self, frame: String) {
        self.lock().greet(frame);
        self.ring();
    }
}

/// What a new session starts with.
pub struct Start {
    /// The session.
    pub slot: Arc<Slot>,
    /// The number of its connection.
    pub link: u64,
    /// Names it at a resume.
    pub secret: String,
    /// Who it is.
    pub person: Person,
    /// What they may see.
    pub view: Arc<View>,
    /// Those who are there.
    pub presences: Vec<Presence>,
    /// The visible channels, with the newest message of each.
    pub channels: Vec<(ChannelId, Option<MessageId>)>,
    /// Those in the visible voice channels.
    pub voice_states: Vec<VoiceState>,
    /// The connection of its call, if one goes on.
    pub call: Option<u64>,
    /// For administrators: how many knock.
    pub knocks: Option<u32>,
}

/// A session that goes on.
pub struct Continued {
    /// The session.
    pub slot: Arc<Slot>,
    /// The number of its new connection.
    pub link: u64,
    /// The connection's bell.
    pub bell: Arc<Notify>,
}

/// See the module.
pub struct Hub {
    world: RwLock<World>,
    live: Mutex<Live>,
    pub(super) metrics: Arc<Metrics>,
}

impl Hub {
    /// A hub without sessions.
    pub fn new(world: World, metrics: Arc<Metrics>) -> Self {
        Self { world: RwLock::new(world), live: Mutex::default(), metrics }
    }

    /// The world as it is.
    pub fn read(&self) -> RwLockReadGuard<'_, World> {
        self.world.read().unwrap_or_else(|e| e.into_inner())
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Starts a session for a log-in that is still good, or goes on with `before`, a session of the same log-in, with a fresh copy.
    pub fn identify(&self, now: Instant, actor: Actor, intents: Option<Vec<Intent>>, before: Option<&str>) -> Option<Start> {
        let Actor { user, login } = actor;
        let mut live = self.lock();
        let world = self.read();
        let person = world.people.get(&user).filter(|_| world.logins.contains_key(&login))?.clone();
        let continued = before.and_then(|secret| Some((live.own(secret, actor)?, secret.to_owned())));
        let restarted = continued.and_then(|(slot, secret)| {
            let link = slot.lock().restart(intents.clone())?;
            slot.hand_over();
            Some((slot, link, secret))
        });
        let (slot, link, secret) = restarted.unwrap_or_else(|| {
            let (slot, secret) = live.begin(Session::new(user, login, intents));
            self.metrics.sessions.inc();
            tracing::info!(%user, "a session has started");
            (slot, Session::FIRST_LINK, secret)
        });
        live.presences.touch(user);
        live.tell_presences(now, &world);
        let view = live.views.get(&world, user);
        let mut channels = Vec::new();
        let mut known = BTreeSet::from([user]);
        for id in &person.spaces {
            let place = &world.spaces[id];
            channels.extend(place.visible(user).iter().map(|id| (*id, place.channels[id].last_message_id)));
            known.extend(place.members.keys());
        }
        let mut presences: Vec<_> = known.iter().filter_map(|id| live.presences.get(*id)).cloned().collect();
        // Told to the others with the next batch, but known already.
        presences.retain(|p| p.user_id != user);
        presences.extend(Some(shown(&person, live.attendance(now, user))).filter(|p| p.status != Status::Offline));
        presences.sort_by_key(|p| p.user_id);
        let voice_states = channels.iter().flat_map(|(id, _)| live.calls.states(*id)).collect();
        let knocks = person.admin.then(|| world.knocks());
        let call = live.calls.connection(user, slot.device);
        live.calls.restarted(user, slot.device);
        live.carry_out(&world, now);
        Some(Start { slot, link, secret, person, view, presences, channels, voice_states, call, knocks })
    }

    /// Goes on with a session whose connection was lost. Only its own log-in can: with that it ends.
    pub fn resume(&self, now: Instant, actor: Actor, secret: &str, s: u64) -> Result<Continued, &'static str> {
        let user = actor.user;
        let mut live = self.lock();
        let world = self.read();
        let slot = live.own(secret, actor).ok_or("The session is not known (any more).")?;
        let person = world.people.get(&user).ok_or("The account is gone.")?;
        let resumption = slot.lock().resume(now, s, |scope| match scope {
            Scope::Own => true,
            Scope::Administration => person.admin,
            Scope::Person(other) => other == user || world.people.get(&other).is_some_and(|other| !other.spaces.is_disjoint(&person.spaces)),
            Scope::Space(space) | Scope::Joined(space) => person.spaces.contains(&space),
            Scope::Channel(channel) | Scope::Fleeting(channel) => world.channel_for(user, channel).is_ok(),
        });
        match resumption {
            Resumption::Not(reason) => Err(reason),
            Resumption::Goes { link, replayed } => {
                slot.hand_over();
                let digest = live.views.get(&world, user).digest.clone();
                slot.greet(frame(&snug_protocol::ServerFrame::Resumed { d: Resumed { replayed, digest } }));
                live.presences.touch(user);
                live.tell_presences(now, &world);
                live.calls.resumed(user, slot.device);
                live.carry_out(&world, now);
                let bell = slot.bell();
                Ok(Continued { slot, link, bell })
            }
        }
    }

    /// A connection is gone.
    pub fn lost(&self, now: Instant, slot: &Slot, link: u64) {
        slot.lock().lost(now, link);
    }

    /// Somebody types: those who see it are told, if they may write there.
    pub fn typing(&self, now: Instant, slot: &Slot, channel: ChannelId) {
        let user = slot.lock().user;
        let mut live = self.lock();
        let world = self.read();
        let may = world.channel_for(user, channel).is_ok_and(|access| access.permissions.allows(Permission::SendMessages));
        if !may || live.typing.get(&(user, channel)).is_some_and(|last| now.saturating_duration_since(*last) < TYPING) {
            return;
        }
        live.typing.insert((user, channel), now);
        let event = Event::TypingStart(TypingStart { channel_id: channel, user_id: user });
        live.send_channel(&world, channel, &Dispatch::new(&event, Scope::Fleeting(channel), now));
    }

    /// The user came to a device, or left it.
    pub fn activity(&self, now: Instant, slot: &Slot, active: bool) {
        let mut live = self.lock();
        let user = {
            let mut session = slot.lock();
            session.active = active;
            session.user
        };
        live.presences.touch(user);
        live.tell_presences(now, &self.read());
    }

    /// Answers `verify`: a digest of what the session may see, after its newest dispatch.
    pub fn verify(&self, slot: &Slot) {
        let mut live = self.lock();
        let world = self.read();
        let mut session = slot.lock();
        let digest = live.views.get(&world, session.user).digest.clone();
        let d = snug_protocol::gateway::Digest { s: session.newest(), digest };
        // It may overtake dispatches that wait; its `s` says after which it holds.
        session.greet(frame(&snug_protocol::ServerFrame::Digest { d }));
        slot.ring();
    }

    /// Does what time brings: presences that are due, sessions that are over. To be called a few times a second.
    pub fn tick(&self, now: Instant) {
        let mut live = self.lock();
        let world = self.read();
        live.typing.retain(|_, last| now.saturating_duration_since(*last) < TYPING);
        let mut over = Vec::new();
        let mut absent = Vec::new();
        for (secret, slot) in &live.by_secret {
            let session = slot.lock();
            if session.over(now) {
                over.push(secret.clone());
            }
            if !session.present(now, GRACE) {
                absent.push(session.user);
            }
        }
        for secret in over {
            live.remove(&secret, &self.metrics);
        }
        live.carry_out(&world, now);
        absent
            .into_iter()
            .filter(|user| live.presences.get(*user).is_some())
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|user| live.presences.touch(user));
        live.tell_presences(now, &world);
    }

    /// Closes every connection: the server stops.
    pub fn close_all(&self) {
        for slot in self.lock().by_secret.values() {
            slot.lock().end(close::GOING_AWAY, "The server is stopping.");
            slot.ring();
        }
    }

    /// Which log-ins have a connection.
    pub fn connected(&self, user: UserId) -> BTreeSet<SessionId> {
        let live = self.lock();
        let slots = live.by_user.get(&user).into_iter().flatten();
        slots.map(|slot| slot.lock()).filter(|s| s.attached()).map(|s| s.login).collect()
    }

    /// How many sessions have a connection.
    pub fn connections(&self) -> u32 {
        self.lock().by_secret.values().filter(|slot| slot.lock().attached()).count() as u32
    }

    /// Those who see a channel and are shown as being there.
    pub fn present(&self, channel: ChannelId) -> Vec<UserId> {
        let live = self.lock();
        let world = self.read();
        let Some((place, channel)) = world.channel(channel) else {
            return Vec::new();
        };
        place.members.keys().copied().filter(|user| live.presences.get(*user).is_some() && place.sees(*user, channel)).collect()
    }

    /// How many members of a space are shown as being there.
    pub fn online(&self, space: SpaceId) -> u32 {
        let live = self.lock();
        let world = self.read();
        let members = world.spaces.get(&space).into_iter().flat_map(|place| place.members.keys());
        members.filter(|user| live.presences.get(**user).is_some()).count() as u32
    }
}

impl Publish for Hub {
    fn world(&self) -> &RwLock<World> {
        &self.world
    }

    fn publish(&self, changes: Vec<Change>) {
        let now = Instant::now();
        let mut live = self.lock();
        for change in changes {
            let before = live.before(&self.read(), &change);
            self.world.write().unwrap_or_else(|e| e.into_inner()).apply(&change);
            let world = self.read();
            if change.alters_world() {
                live.viewers.clear();
                live.views.clear();
            } else if let Change::Message { .. } = change {
                // Views tell of the newest message.
                live.views.clear();
            }
            live.tell(&world, now, &change, &before, &self.metrics);
            live.tell_visibility(&world, now, &change, before.visible);
            if change.alters_world() {
                live.calls.world_changed(&world);
            }
            live.carry_out(&world, now);
            live.tell_presences(now, &world);
        }
    }
}

/// A frame as text.
pub fn frame(frame: &snug_protocol::ServerFrame) -> String {
    serde_json::to_string(frame).expect("frames have string keys only")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[test]
    fn a_connection_that_is_replaced_hears_its_own_bell_and_no_other() {
        let slot = Slot::new(Device(1), Session::new(UserId::new(1).unwrap(), SessionId::new(2).unwrap(), None));
        let old = slot.bell();
        slot.hand_over();
        let new = slot.bell();
        assert!(new.notified().now_or_never().is_none());
        slot.ring();
        assert!(new.notified().now_or_never().is_some());
        assert!(old.notified().now_or_never().is_some());
        slot.ring();
        assert!(old.notified().now_or_never().is_none());
    }
}
