//! What somebody may see: the shared part of `ready`, and its digest.
//!
//! Most members of a space see the same, so the serialized view is kept for as long as the world stands still: when a
//! thousand sessions come back at once, it is written once.

use crate::world::World;
use serde::Serialize;
use serde_json::value::RawValue;
use snug_protocol::{ChannelId, SpaceId, SpaceSnapshot, User, UserId};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// Views kept at once.
const KEPT: usize = 64;

/// What somebody may see, serialized.
#[derive(Debug)]
pub struct View {
    /// The field `spaces` of `ready`.
    pub spaces: Arc<RawValue>,
    /// The field `users` of `ready`.
    pub users: Arc<RawValue>,
    /// See [`snug_protocol::gateway::Digest::digest`].
    pub digest: String,
}

/// What decides a view: whoever has the same key sees the same.
type Key = (Vec<(SpaceId, BTreeSet<ChannelId>)>, Option<UserId>);

/// Views of the world as it is.
#[derive(Debug, Default)]
pub struct Views(HashMap<Key, Arc<View>>);

impl Views {
    /// The world has changed.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// What `user` may see.
    pub fn get(&mut self, world: &World, user: UserId) -> Arc<View> {
        let spaces = spaces(world, user);
        // Somebody in no space sees themselves only.
        let alone = if spaces.is_empty() { Some(user) } else { None };
        let key: Key = (spaces.iter().map(|id| (*id, world.spaces[id].visible(user))).collect(), alone);
        if let Some(view) = self.0.get(&key) {
            return view.clone();
        }
        if self.0.len() == KEPT {
            self.0.clear();
        }
        let view = Arc::new(make(world, user, &spaces));
        self.0.insert(key, view.clone());
        view
    }
}

/// The spaces somebody is in, oldest membership first.
pub fn spaces(world: &World, user: UserId) -> Vec<SpaceId> {
    let Some(person) = world.people.get(&user) else { return Vec::new() };
    let mut spaces: Vec<_> = person.spaces.iter().filter_map(|id| Some((world.spaces.get(id)?.members.get(&user)?.joined_at, *id))).collect();
    spaces.sort_unstable();
    spaces.into_iter().map(|(_, id)| id).collect()
}

/// Everyone in these spaces, and `user`.
pub fn users(world: &World, user: UserId, spaces: &[SpaceId]) -> Vec<User> {
    let mut ids: BTreeSet<UserId> = spaces.iter().flat_map(|id| world.spaces[id].members.keys().copied()).collect();
    ids.insert(user);
    ids.iter().filter_map(|id| world.people.get(id)).map(|person| person.user.clone()).collect()
}

fn make(world: &World, user: UserId, ids: &[SpaceId]) -> View {
    let spaces: Vec<SpaceSnapshot> = ids.iter().map(|id| world.spaces[id].snapshot(user)).collect();
    let users = users(world, user, ids);
    View { digest: digest(&spaces, &users), spaces: raw(&spaces), users: raw(&users) }
}

/// The digest of what somebody sees.
pub fn digest(spaces: &[SpaceSnapshot], users: &[User]) -> String {
    let sorted: BTreeMap<SpaceId, &SpaceSnapshot> = spaces.iter().map(|s| (s.space.id, s)).collect();
    // A `serde_json::Value` keeps its keys sorted, and writes numbers and escapes as RFC 8785 asks, for our types.
    let value = serde_json::json!({ "spaces": sorted.values().collect::<Vec<_>>(), "users": users });
    blake3::hash(value.to_string().as_bytes()).to_hex().to_string()
}

fn raw<T: Serialize>(value: &T) -> Arc<RawValue> {
    serde_json::value::to_raw_value(value).expect("our types have string keys only").into()
}
