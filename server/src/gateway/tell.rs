//! Who is told what of a change.

use super::{
    live::Live,
    presence::shown,
    session::{Dispatch, Scope},
    view,
};
use crate::{
    metrics::Metrics,
    world::{Change, MessageChange, Person, World},
};
use snug_protocol::{ChannelId, Event, Presence, SpaceId, User, UserId, gateway::*, rest::AccountState};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Instant,
};

/// What of the world before a change is needed to tell of it.
#[derive(Default)]
pub(super) struct Before {
    /// The channels that connected members saw, if the change may alter that.
    pub(super) visible: Vec<(UserId, BTreeSet<ChannelId>)>,
    /// The members of a space that is deleted.
    members: Vec<UserId>,
    /// Somebody whose account changes.
    person: Option<Person>,
    /// Whether a role is new.
    new_role: bool,
}

impl Live {
    pub(super) fn tell_presences(&mut self, now: Instant, world: &World) {
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
                self.send_user(person.user.id, &Dispatch::new(&event, Scope::Own, now));
            }
        }
        for (space, presences) in by_space {
            let event = Event::PresenceUpdate(PresenceUpdate { presences });
            self.send_space(world, space, None, &Dispatch::new(&event, Scope::Space(space), now), now);
        }
    }

    pub(super) fn before(&self, world: &World, change: &Change) -> Before {
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

    pub(super) fn tell_visibility(&mut self, world: &World, now: Instant, change: &Change, before: Vec<(UserId, BTreeSet<ChannelId>)>) {
        let changed = if let Change::Channel(channel) = change { Some(channel.id) } else { None };
        let Some((space, _)) = shows_or_hides(change) else { return };
        let Some(place) = world.spaces.get(&space) else { return };
        // Each is serialized once, however many are told.
        let mut made: HashMap<(u8, ChannelId), Vec<Arc<Dispatch>>> = HashMap::new();
        for (user, before) in before {
            let after = place.visible(user);
            let mut tell = |live: &Self, kind: u8, id: ChannelId| {
                let dispatches = made.entry((kind, id)).or_insert_with(|| match (kind, place.channels.get(&id)) {
                    (0, Some(channel)) => {
                        let created = Dispatch::new(&Event::ChannelCreate(channel.clone()), Scope::Channel(id), now);
                        [created].into_iter().chain(live.in_voice(id, now)).collect()
                    }
                    (1, Some(channel)) => vec![Dispatch::new(&Event::ChannelUpdate(channel.clone()), Scope::Channel(id), now)],
                    _ => vec![Dispatch::new(&Event::ChannelDelete(ChannelDelete { id, space_id: space }), Scope::Space(space), now)],
                });
                dispatches.iter().for_each(|dispatch| live.send_user(user, dispatch));
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

    pub(super) fn tell(&mut self, world: &World, now: Instant, change: &Change, before: &Before, metrics: &Metrics) {
        match change {
            Change::Person(person) => self.tell_person(world, now, person, before.person.as_ref()),
            Change::PersonDeleted(user) => {
                self.presences.forget(*user);
                self.end(*user, |_| true, "This account was deleted.", metrics);
                if before.person.as_ref().is_some_and(waits) {
                    self.tell_knocks(world, now);
                }
            }
            Change::LoggedIn { .. } | Change::Settings(_) | Change::Channel(_) | Change::ChannelDeleted { .. } => {}
            Change::Moved(moved) => self.calls.moved(world, *moved),
            Change::LoggedOut { user, which } => {
                let suspended = world.people.get(user).is_some_and(|person| person.state == AccountState::Suspended);
                let why = if suspended { "Your account was suspended by an administrator." } else { "This log-in has ended." };
                self.end(*user, |login| which.covers(login), why, metrics);
            }
            Change::SpaceMade(place) => {
                for user in place.members.keys() {
                    self.tell_joined(world, now, place.space.id, *user);
                }
            }
            Change::Space(space) => {
                let dispatch = Dispatch::new(&Event::SpaceUpdate(space.clone()), Scope::Space(space.id), now);
                self.send_space(world, space.id, None, &dispatch, now);
            }
            Change::SpaceDeleted(id) => {
                let dispatch = Dispatch::new(&Event::SpaceDelete(SpaceDelete { id: *id, reason: SpaceGone::Deleted }), Scope::Own, now);
                before.members.iter().for_each(|user| self.send_user(*user, &dispatch));
            }
            Change::Role(role) => {
                let event = if before.new_role { Event::RoleCreate(role.clone()) } else { Event::RoleUpdate(role.clone()) };
                self.send_space(world, role.space_id, None, &Dispatch::new(&event, Scope::Space(role.space_id), now), now);
            }
            Change::RoleDeleted { space, role } => {
                let event = Event::RoleDelete(RoleDelete { id: *role, space_id: *space });
                self.send_space(world, *space, None, &Dispatch::new(&event, Scope::Space(*space), now), now);
            }
            Change::MemberJoined(member) => {
                self.tell_joined(world, now, member.space_id, member.user_id);
                if let Some(person) = world.people.get(&member.user_id) {
                    let presence = shown(person, self.attendance(now, member.user_id));
                    let event = Event::MemberAdd(MemberAdd { member: member.clone(), user: person.user.clone(), presence });
                    let dispatch = Dispatch::new(&event, Scope::Space(member.space_id), now);
                    self.send_space(world, member.space_id, Some(member.user_id), &dispatch, now);
                }
            }
            Change::Member(member) => {
                let dispatch = Dispatch::new(&Event::MemberUpdate(member.clone()), Scope::Space(member.space_id), now);
                self.send_space(world, member.space_id, None, &dispatch, now);
            }
            Change::MemberLeft { space, user, why } => {
                self.send_user(*user, &Dispatch::new(&Event::SpaceDelete(SpaceDelete { id: *space, reason: *why }), Scope::Own, now));
                let event = Event::MemberRemove(MemberRemove { space_id: *space, user_id: *user });
                self.send_space(world, *space, None, &Dispatch::new(&event, Scope::Space(*space), now), now);
            }
            Change::Message { kind, message } => {
                let message_ = (**message).clone();
                let event = match kind {
                    MessageChange::Create => Event::MessageCreate(message_),
                    MessageChange::Update => Event::MessageUpdate(message_),
                    MessageChange::Restore => Event::MessageRestore(message_),
                };
                self.send_channel(world, message.channel_id, &Dispatch::new(&event, Scope::Channel(message.channel_id), now));
            }
            Change::MessagesDeleted { channel, ids } => {
                let event = Event::MessageDelete(MessageDelete { channel_id: *channel, ids: ids.clone() });
                self.send_channel(world, *channel, &Dispatch::new(&event, Scope::Channel(*channel), now));
            }
            Change::Reaction { added, channel, message, user, emoji } => {
                let change = ReactionChange { channel_id: *channel, message_id: *message, user_id: *user, emoji: emoji.clone() };
                let event = if *added { Event::ReactionAdd(change) } else { Event::ReactionRemove(change) };
                self.send_channel(world, *channel, &Dispatch::new(&event, Scope::Channel(*channel), now));
            }
            Change::Read { user, state } => {
                self.send_user(*user, &Dispatch::new(&Event::ReadUpdate(state.clone()), Scope::Channel(state.channel_id), now));
            }
        }
    }

    fn tell_person(&mut self, world: &World, now: Instant, person: &Person, was: Option<&Person>) {
        let id = person.user.id;
        if was.is_none_or(|was| was.account() != person.account()) {
            self.send_user(id, &Dispatch::new(&Event::AccountUpdate(person.account()), Scope::Own, now));
        }
        if was.is_some_and(|was| was.user != person.user) {
            let dispatch = Dispatch::new(&Event::UserUpdate(person.user.clone()), Scope::Person(id), now);
            for user in known_to(world, id) {
                self.send_user(user, &dispatch);
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
        for user in self.by_user.keys().filter(|user| world.people.get(user).is_some_and(|p| p.admin)) {
            self.send_user(*user, &dispatch);
        }
    }

    fn tell_joined(&mut self, world: &World, now: Instant, space: SpaceId, user: UserId) {
        let Some(place) = world.spaces.get(&space).filter(|_| self.by_user.contains_key(&user)) else {
            return;
        };
        let users = view::users(world, user, &[space]);
        let presences = users.iter().filter_map(|u| self.presences.get(u.id)).cloned().collect();
        // What was written before somebody joined counts as read.
        let snapshot = place.snapshot(user);
        let voice_states = snapshot.channels.iter().flat_map(|channel| self.calls.states(channel.id)).collect();
        let created = SpaceCreate { snapshot, users, presences, read_states: Vec::new(), voice_states };
        self.send_user(user, &Dispatch::new(&Event::SpaceCreate(created), Scope::Joined(space), now));
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
        | Change::Moved(_)
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
