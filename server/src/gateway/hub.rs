//! The hub: the world and all sessions. Committed changes come in, and each session is told what it may know.
//!
//! One lock orders it all: a session that identifies while something is published has it either in its `ready` or as
//! a dispatch after it, never both, never neither.

use super::{
    presence::{Attendance, GRACE, Presences, shown},
    session::{Dispatch, Output, Resumption, Scope, Session},
    view::{self, View, Views},
};
use crate::{
    auth::Actor,
    metrics::Metrics,
    store::Publish,
    world::{Change, Person, World},
};
use snug_protocol::{ChannelId, Event, MessageId, Permission, Presence, SessionId, SpaceId, Status, User, UserId, gateway::*, rest::AccountState};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard},
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// How often the same person typing in the same channel is passed on.
const TYPING: Duration = Duration::from_secs(5);

/// A session and the bell that wakes its connection.
#[derive(Debug)]
pub struct Slot {
    session: Mutex<Session>,
    /// Rung when there is something to send, or the connection is to be closed.
    pub bell: Notify,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, Session> {
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
        self.bell.notify_one();
    }
}

/// What a new session starts with.
pub struct Start {
    /// The session.
    pub slot: Arc<Slot>,
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
    /// For administrators: how many knock.
    pub knocks: Option<u32>,
}

/// A session that goes on.
pub struct Continued {
    /// The session.
    pub slot: Arc<Slot>,
    /// The number of its new connection.
    pub link: u64,
}

/// See the module.
pub struct Hub {
    world: RwLock<World>,
    live: Mutex<Live>,
    metrics: Arc<Metrics>,
}

#[derive(Default)]
struct Live {
    by_secret: HashMap<String, Arc<Slot>>,
    by_user: HashMap<UserId, Vec<Arc<Slot>>>,
    /// Sessions that see a channel; made when needed, dropped when anything changes.
    viewers: HashMap<ChannelId, Arc<[Arc<Slot>]>>,
    views: Views,
    presences: Presences,
    typing: HashMap<(UserId, ChannelId), Instant>,
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

    fn lock(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Starts a session for a log-in that is still good.
    pub fn identify(&self, now: Instant, user: UserId, login: SessionId) -> Option<Start> {
        let mut live = self.lock();
        let world = self.read();
        let person = world.people.get(&user).filter(|_| world.logins.contains_key(&login))?.clone();
        let secret = crate::auth::random_name();
        let slot = Arc::new(Slot { session: Mutex::new(Session::new(user, login)), bell: Notify::new() });
        live.by_secret.insert(secret.clone(), slot.clone());
        live.by_user.entry(user).or_default().push(slot.clone());
        live.viewers.clear();
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
        let knocks = person.admin.then(|| world.knocks());
        self.metrics.sessions.inc();
        Some(Start { slot, secret, person, view, presences, channels, knocks })
    }

    /// Goes on with a session whose connection was lost. Only its own log-in can: with that it ends.
    pub fn resume(&self, now: Instant, actor: Actor, secret: &str, s: u64) -> Result<Continued, &'static str> {
        let Actor { user, login } = actor;
        let mut live = self.lock();
        let world = self.read();
        let own = |slot: &&Arc<Slot>| {
            let session = slot.lock();
            (session.user, session.login) == (user, login)
        };
        let slot = live.by_secret.get(secret).filter(own).cloned().ok_or("The session is not known (any more).")?;
        let person = world.people.get(&user).ok_or("The account is gone.")?;
        let resumption = slot.lock().resume(now, s, |scope| match scope {
            Scope::Own => true,
            Scope::Administration => person.admin,
            Scope::Person(other) => other == user || world.people.get(&other).is_some_and(|other| !other.spaces.is_disjoint(&person.spaces)),
            Scope::Space(space) | Scope::Joined(space) => person.spaces.contains(&space),
            Scope::Channel(channel) | Scope::Fleeting(channel) => world.channel_for(user, channel).is_ok(),
        });
        // Another connection may have hung on it.
        slot.bell.notify_waiters();
        match resumption {
            Resumption::Not(reason) => Err(reason),
            Resumption::Goes { link, replayed } => {
                let digest = live.views.get(&world, user).digest.clone();
                slot.greet(frame(&snug_protocol::ServerFrame::Resumed { d: Resumed { replayed, digest } }));
                live.presences.touch(user);
                live.tell_presences(now, &world);
                Ok(Continued { slot, link })
            }
        }
    }

    /// A connection is gone.
    pub fn lost(&self, now: Instant, slot: &Slot, link: u64) {
        slot.lock().lost(now, link);
        // A connection that has taken over may have missed what rang for this one.
        slot.bell.notify_one();
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
        live.to_channel(&world, channel, &Dispatch::new(&event, Scope::Fleeting(channel), now));
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
        slot.bell.notify_one();
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
            slot.bell.notify_one();
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
            live.views.clear();
            if change.alters_world() {
                live.viewers.clear();
            }
            live.tell(&world, now, &change, &before, &self.metrics);
            live.tell_visibility(&world, now, &change, before.visible);
            live.tell_presences(now, &world);
        }
    }
}

/// What of the world before a change is needed to tell of it.
#[derive(Default)]
struct Before {
    /// The channels that connected members saw, if the change may alter that.
    visible: Vec<(UserId, BTreeSet<ChannelId>)>,
    /// The members of a space that is deleted.
    members: Vec<UserId>,
    /// Somebody whose account changes.
    person: Option<Person>,
    /// Whether a role is new.
    new_role: bool,
}

impl Live {
    fn remove(&mut self, secret: &str, metrics: &Metrics) {
        let Some(slot) = self.by_secret.remove(secret) else { return };
        let user = slot.lock().user;
        if let Some(slots) = self.by_user.get_mut(&user) {
            slots.retain(|other| !Arc::ptr_eq(other, &slot));
            if slots.is_empty() {
                self.by_user.remove(&user);
            }
        }
        self.viewers.clear();
        self.presences.touch(user);
        metrics.sessions.dec();
    }

    fn attendance(&self, now: Instant, user: UserId) -> Attendance {
        let slots = self.by_user.get(&user).into_iter().flatten();
        let each = slots.map(|slot| slot.lock()).map(|session| match (session.present(now, GRACE), session.active) {
            (false, _) => Attendance::Away,
            (true, false) => Attendance::Idle,
            (true, true) => Attendance::Active,
        });
        each.max().unwrap_or(Attendance::Away)
    }

    fn tell_presences(&mut self, now: Instant, world: &World) {
        let mut presences = std::mem::take(&mut self.presences);
        let due = presences.due(now, |user| Some(shown(world.people.get(&user)?, self.attendance(now, user))));
        self.presences = presences;
        let mut by_space: HashMap<SpaceId, Vec<Presence>> = HashMap::new();
        for presence in due {
            let Some(person) = world.people.get(&presence.user_id) else { continue };
            for space in &person.spaces {
                by_space.entry(*space).or_default().push(presence.clone());
            }
            if person.spaces.is_empty() {
                let event = Event::PresenceUpdate(PresenceUpdate { presences: vec![presence] });
                self.to_user(person.user.id, &Dispatch::new(&event, Scope::Own, now));
            }
        }
        for (space, presences) in by_space {
            let event = Event::PresenceUpdate(PresenceUpdate { presences });
            self.to_space(world, space, None, &Dispatch::new(&event, Scope::Space(space), now), now);
        }
    }

    fn before(&self, world: &World, change: &Change) -> Before {
        let place = |space: &SpaceId| world.spaces.get(space);
        let visible = shows_or_hides(change).and_then(|(space, member)| {
            let place = place(&space)?;
            let users = place.members.keys().filter(|user| member.is_none_or(|m| m == **user) && self.by_user.contains_key(user));
            Some(users.map(|user| (*user, place.visible(*user))).collect())
        });
        let mut before = Before { visible: visible.unwrap_or_default(), ..Before::default() };
        match change {
            Change::SpaceDeleted(space) => before.members = place(space).map(|p| p.members.keys().copied().collect()).unwrap_or_default(),
            Change::Person(Person { user: User { id, .. }, .. }) | Change::PersonDeleted(id) => before.person = world.people.get(id).cloned(),
            Change::Role(role) => before.new_role = place(&role.space_id).is_some_and(|p| !p.roles.contains_key(&role.id)),
            _ => {}
        }
        before
    }

    /// Tells each member which channels have appeared for them, changed or vanished.
    fn tell_visibility(&mut self, world: &World, now: Instant, change: &Change, before: Vec<(UserId, BTreeSet<ChannelId>)>) {
        let changed = if let Change::Channel(channel) = change { Some(channel.id) } else { None };
        let Some((space, _)) = shows_or_hides(change) else { return };
        let Some(place) = world.spaces.get(&space) else { return };
        // Each is serialized once, however many are told.
        let mut made: HashMap<(u8, ChannelId), Arc<Dispatch>> = HashMap::new();
        for (user, before) in before {
            let after = place.visible(user);
            let mut tell = |live: &Self, kind: u8, id: ChannelId| {
                let dispatch = made.entry((kind, id)).or_insert_with(|| {
                    let (event, scope) = match (kind, place.channels.get(&id)) {
                        (0, Some(channel)) => (Event::ChannelCreate(channel.clone()), Scope::Channel(id)),
                        (1, Some(channel)) => (Event::ChannelUpdate(channel.clone()), Scope::Channel(id)),
                        _ => (Event::ChannelDelete(ChannelDelete { id, space_id: space }), Scope::Space(space)),
                    };
                    Dispatch::new(&event, scope, now)
                });
                live.to_user(user, dispatch);
            };
            for id in before.difference(&after) {
                tell(self, 2, *id);
            }
            for id in after.difference(&before) {
                tell(self, 0, *id);
            }
            if let Some(id) = changed.filter(|id| before.contains(id) && after.contains(id)) {
                tell(self, 1, id);
            }
        }
    }

    /// Tells everyone concerned what happened, apart from what channels it shows or hides.
    fn tell(&mut self, world: &World, now: Instant, change: &Change, before: &Before, metrics: &Metrics) {
        match change {
            Change::Person(person) => self.tell_person(world, now, person, before.person.as_ref()),
            Change::PersonDeleted(user) => {
                self.presences.forget(*user);
                self.end(*user, |_| true, metrics);
                if before.person.as_ref().is_some_and(waits) {
                    self.tell_knocks(world, now);
                }
            }
            Change::LoggedIn { .. } | Change::Settings(_) | Change::Channel(_) | Change::ChannelDeleted { .. } => {}
            Change::LoggedOut { user, which } => self.end(*user, |login| which.covers(login), metrics),
            Change::SpaceMade(place) => {
                for user in place.members.keys() {
                    self.tell_joined(world, now, place.space.id, *user);
                }
            }
            Change::Space(space) => {
                let dispatch = Dispatch::new(&Event::SpaceUpdate(space.clone()), Scope::Space(space.id), now);
                self.to_space(world, space.id, None, &dispatch, now);
            }
            Change::SpaceDeleted(id) => {
                let dispatch = Dispatch::new(&Event::SpaceDelete(SpaceDelete { id: *id, reason: SpaceGone::Deleted }), Scope::Own, now);
                before.members.iter().for_each(|user| self.to_user(*user, &dispatch));
            }
            Change::Role(role) => {
                let event = if before.new_role { Event::RoleCreate(role.clone()) } else { Event::RoleUpdate(role.clone()) };
                self.to_space(world, role.space_id, None, &Dispatch::new(&event, Scope::Space(role.space_id), now), now);
            }
            Change::RoleDeleted { space, role } => {
                let event = Event::RoleDelete(RoleDelete { id: *role, space_id: *space });
                self.to_space(world, *space, None, &Dispatch::new(&event, Scope::Space(*space), now), now);
            }
            Change::MemberJoined(member) => {
                self.tell_joined(world, now, member.space_id, member.user_id);
                if let Some(person) = world.people.get(&member.user_id) {
                    let presence = shown(person, self.attendance(now, member.user_id));
                    let event = Event::MemberAdd(MemberAdd { member: member.clone(), user: person.user.clone(), presence });
                    let dispatch = Dispatch::new(&event, Scope::Space(member.space_id), now);
                    self.to_space(world, member.space_id, Some(member.user_id), &dispatch, now);
                }
            }
            Change::Member(member) => {
                let dispatch = Dispatch::new(&Event::MemberUpdate(member.clone()), Scope::Space(member.space_id), now);
                self.to_space(world, member.space_id, None, &dispatch, now);
            }
            Change::MemberLeft { space, user, why } => {
                self.to_user(*user, &Dispatch::new(&Event::SpaceDelete(SpaceDelete { id: *space, reason: *why }), Scope::Own, now));
                let event = Event::MemberRemove(MemberRemove { space_id: *space, user_id: *user });
                self.to_space(world, *space, None, &Dispatch::new(&event, Scope::Space(*space), now), now);
            }
            Change::Message { kind, message } => {
                let message_ = (**message).clone();
                let event = match kind {
                    crate::world::MessageChange::Create => Event::MessageCreate(message_),
                    crate::world::MessageChange::Update => Event::MessageUpdate(message_),
                    crate::world::MessageChange::Restore => Event::MessageRestore(message_),
                };
                self.to_channel(world, message.channel_id, &Dispatch::new(&event, Scope::Channel(message.channel_id), now));
            }
            Change::MessagesDeleted { channel, ids } => {
                let event = Event::MessageDelete(MessageDelete { channel_id: *channel, ids: ids.clone() });
                self.to_channel(world, *channel, &Dispatch::new(&event, Scope::Channel(*channel), now));
            }
            Change::Reaction { added, channel, message, user, emoji } => {
                let change = ReactionChange { channel_id: *channel, message_id: *message, user_id: *user, emoji: emoji.clone() };
                let event = if *added { Event::ReactionAdd(change) } else { Event::ReactionRemove(change) };
                self.to_channel(world, *channel, &Dispatch::new(&event, Scope::Channel(*channel), now));
            }
            Change::Read { user, state } => {
                self.to_user(*user, &Dispatch::new(&Event::ReadUpdate(state.clone()), Scope::Channel(state.channel_id), now));
            }
        }
    }

    fn tell_person(&mut self, world: &World, now: Instant, person: &Person, was: Option<&Person>) {
        let id = person.user.id;
        if was.is_none_or(|was| was.account() != person.account()) {
            self.to_user(id, &Dispatch::new(&Event::AccountUpdate(person.account()), Scope::Own, now));
        }
        if was.is_some_and(|was| was.user != person.user) {
            let dispatch = Dispatch::new(&Event::UserUpdate(person.user.clone()), Scope::Person(id), now);
            for user in known_to(world, id) {
                self.to_user(user, &dispatch);
            }
        }
        self.presences.touch(id);
        let is_new_admin = person.admin && was.is_some_and(|was| !was.admin);
        if was.is_some_and(waits) != waits(person) || is_new_admin {
            self.tell_knocks(world, now);
        }
    }

    fn tell_knocks(&self, world: &World, now: Instant) {
        let dispatch = Dispatch::new(&Event::KnockUpdate(KnockUpdate { waiting: world.knocks() }), Scope::Administration, now);
        let admins = self.by_user.keys().filter(|user| world.people.get(user).is_some_and(|p| p.admin));
        admins.for_each(|user| self.to_user(*user, &dispatch));
    }

    fn tell_joined(&mut self, world: &World, now: Instant, space: SpaceId, user: UserId) {
        let Some(place) = world.spaces.get(&space).filter(|_| self.by_user.contains_key(&user)) else {
            return;
        };
        let users = view::users(world, user, &[space]);
        let presences = users.iter().filter_map(|u| self.presences.get(u.id)).cloned().collect();
        // What was written before somebody joined counts as read.
        let created = SpaceCreate { snapshot: place.snapshot(user), users, presences, read_states: Vec::new() };
        self.to_user(user, &Dispatch::new(&Event::SpaceCreate(created), Scope::Joined(space), now));
    }

    fn end(&mut self, user: UserId, which: impl Fn(SessionId) -> bool, metrics: &Metrics) {
        let ended: Vec<_> = self
            .by_secret
            .iter()
            .filter(|(_, slot)| slot.lock().user == user && which(slot.lock().login))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        for (secret, slot) in ended {
            slot.lock().end(close::REVOKED, "This log-in has ended.");
            slot.bell.notify_one();
            self.remove(&secret, metrics);
        }
    }

    fn to_user(&self, user: UserId, dispatch: &Arc<Dispatch>) {
        for slot in self.by_user.get(&user).into_iter().flatten() {
            slot.lock().dispatch(Instant::now(), dispatch);
            slot.bell.notify_one();
        }
    }

    fn to_space(&self, world: &World, space: SpaceId, except: Option<UserId>, dispatch: &Arc<Dispatch>, now: Instant) {
        let members = world.spaces.get(&space).into_iter().flat_map(|place| place.members.keys());
        for user in members.filter(|user| Some(**user) != except) {
            for slot in self.by_user.get(user).into_iter().flatten() {
                slot.lock().dispatch(now, dispatch);
                slot.bell.notify_one();
            }
        }
    }

    fn to_channel(&mut self, world: &World, channel: ChannelId, dispatch: &Arc<Dispatch>) {
        let now = Instant::now();
        for slot in self.viewers(world, channel).iter() {
            slot.lock().dispatch(now, dispatch);
            slot.bell.notify_one();
        }
    }

    fn viewers(&mut self, world: &World, id: ChannelId) -> Arc<[Arc<Slot>]> {
        if let Some(viewers) = self.viewers.get(&id) {
            return viewers.clone();
        }
        let Some((place, channel)) = world.channel(id) else {
            return Arc::new([]);
        };
        let members = place.members.keys().filter(|user| self.by_user.contains_key(user) && place.sees(**user, channel));
        let viewers: Arc<[Arc<Slot>]> = members.flat_map(|user| &self.by_user[user]).cloned().collect();
        self.viewers.insert(id, viewers.clone());
        viewers
    }
}

/// The space in which a change may show or hide channels, and the only member it does that for, if there is one.
fn shows_or_hides(change: &Change) -> Option<(SpaceId, Option<UserId>)> {
    match change {
        Change::Space(space) => Some((space.id, None)),
        Change::Channel(channel) => Some((channel.space_id, None)),
        Change::ChannelDeleted { space, .. } | Change::RoleDeleted { space, .. } => Some((*space, None)),
        Change::Role(role) => Some((role.space_id, None)),
        Change::Member(member) => Some((member.space_id, Some(member.user_id))),
        // Whoever comes or goes is told of the whole space.
        Change::Person(_)
        | Change::PersonDeleted(_)
        | Change::LoggedIn { .. }
        | Change::LoggedOut { .. }
        | Change::Settings(_)
        | Change::SpaceMade(_)
        | Change::SpaceDeleted(_)
        | Change::MemberJoined(_)
        | Change::MemberLeft { .. }
        | Change::Message { .. }
        | Change::MessagesDeleted { .. }
        | Change::Reaction { .. }
        | Change::Read { .. } => None,
    }
}

/// Whether somebody knocks.
fn waits(person: &Person) -> bool {
    person.state == AccountState::Waiting
}

/// Everyone who shares a space with somebody, and they themselves.
fn known_to(world: &World, user: UserId) -> BTreeSet<UserId> {
    let spaces = world.people.get(&user).into_iter().flat_map(|person| &person.spaces);
    let mut known: BTreeSet<_> = spaces.filter_map(|id| world.spaces.get(id)).flat_map(|place| place.members.keys().copied()).collect();
    known.insert(user);
    known
}

/// A frame as text.
pub fn frame(frame: &snug_protocol::ServerFrame) -> String {
    serde_json::to_string(frame).expect("frames have string keys only")
}
