//! A space with four people and four channels.

use crate::world::{Change, Person, Place, World};
use snug_protocol::{
    Channel, ChannelId, ChannelKind, ChosenStatus, Member, Overwrite, OverwriteTarget, Permission, Permissions, Role, SessionId, Space, SpaceId,
    Timestamp, User, UserId, rest::AccountState, voice::OpusSettings,
};
use std::collections::{BTreeMap, BTreeSet};

/// Everyone; the first owns the space, and has every permission.
pub(super) fn people() -> [UserId; 4] {
    [1, 2, 3, 4].map(|number| UserId::new(number).unwrap())
}

/// All channels: three for voice, of which the last takes two people, and one for text.
pub(super) fn channels() -> [ChannelId; 4] {
    [11, 12, 13, 14].map(|number| ChannelId::new(number).unwrap())
}

pub(super) fn space() -> SpaceId {
    SpaceId::new(10).unwrap()
}

/// Somebody's only log-in.
pub(super) fn login(user: UserId) -> SessionId {
    SessionId::new(100 + user.get()).unwrap()
}

pub(super) fn member(user: UserId) -> Member {
    Member { space_id: space(), user_id: user, nickname: None, roles: Vec::new(), joined_at: Timestamp(0), muted: false, deafened: false }
}

fn channel(id: ChannelId, number: usize) -> Channel {
    let kind = if number == 3 { ChannelKind::Text } else { ChannelKind::Voice };
    Channel {
        id,
        space_id: space(),
        kind,
        name: "x".into(),
        topic: String::new(),
        parent_id: None,
        position: number as u32,
        slow_mode_s: 0,
        user_limit: if number == 2 { 2 } else { 0 },
        opus: OpusSettings::of_new(kind),
        overwrites: Vec::new(),
        last_message_id: None,
    }
}

/// The world with all of them in it.
pub(super) fn world() -> World {
    let mut world = World::default();
    people().into_iter().for_each(|id| register(&mut world, id));
    let everyone = Role {
        id: space().everyone(),
        space_id: space(),
        name: "@everyone".into(),
        color: None,
        position: 0,
        permissions: Permissions::EVERYONE,
        hoist: false,
        mentionable: false,
    };
    let place = Place {
        space: Space { id: space(), name: "x".into(), description: String::new(), icon: None, public: false, owner_id: people()[0] },
        channels: channels().into_iter().enumerate().map(|(number, id)| (id, channel(id, number))).collect(),
        roles: BTreeMap::from([(everyone.id, everyone)]),
        members: people().into_iter().map(|user| (user, member(user))).collect(),
    };
    world.apply(&Change::SpaceMade(Box::new(place)));
    world
}

/// The channel as it was in the beginning, or is.
pub(super) fn current(world: &World, id: ChannelId) -> Channel {
    let number = channels().iter().position(|other| *other == id).unwrap();
    world.channel(id).map_or_else(|| channel(id, number), |(_, channel)| channel.clone())
}

/// The channel with everything in `denied` taken from `user`, and no other overwrite for them.
pub(super) fn denying(mut channel: Channel, user: UserId, denied: &[Permission]) -> Channel {
    let target = OverwriteTarget::Member(user);
    channel.overwrites.retain(|overwrite| overwrite.target != target);
    if !denied.is_empty() {
        channel.overwrites.push(Overwrite { target, allow: Permissions::NONE, deny: Permissions::of(denied) });
    }
    channel
}

/// Gives somebody an account, and a log-in.
fn register(world: &mut World, id: UserId) {
    let user = User { id, username: format!("u{id}"), display_name: "x".into(), avatar: None, bio: String::new() };
    let person = Person {
        user,
        state: AccountState::Active,
        admin: false,
        owner: false,
        status: ChosenStatus::Invisible,
        status_text: String::new(),
        spaces: BTreeSet::new(),
    };
    world.apply(&Change::Person(person));
    world.apply(&Change::LoggedIn { session: login(id), user: id });
}

/// One more member.
pub(super) fn settle(world: &mut World, id: UserId) {
    register(world, id);
    world.apply(&Change::MemberJoined(member(id)));
}
