//! The world: who there is, and which spaces, channels, roles and members, in memory.
//!
//! It is what permissions are checked against and what a session's `ready` is made of. It is loaded at the start and
//! afterwards changed only by [`World::apply`], with committed [`Change`]s in their order, by the writer's thread.
//! Messages are not in it.

mod access;
mod change;
pub(crate) mod load;
pub(crate) use load::to_text;

pub use access::{ChannelAccess, SpaceAccess, require_own};
pub use change::{Change, Departure, MessageChange, Revoked};

use snug_protocol::{
    Account, Channel, ChannelId, ChannelKind, ChosenStatus, Member, Overwrite, OverwriteTarget, Permissions, Role, RoleId, SessionId, Space, SpaceId,
    SpaceSnapshot, User, UserId,
    permission::{Layer, in_channel},
    rest::{AccountState, AdminSettings, Registration},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// See the module.
#[derive(Debug, Default)]
pub struct World {
    /// Every account that is not deleted.
    pub people: HashMap<UserId, Person>,
    /// Every space.
    pub spaces: HashMap<SpaceId, Place>,
    /// Every log-in that is not over, with whose it is.
    pub logins: HashMap<SessionId, UserId>,
    /// The space of every channel.
    pub channels: HashMap<ChannelId, SpaceId>,
    /// What an administrator set.
    pub settings: Settings,
}

/// Somebody's account.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// What others see.
    pub user: User,
    /// How it stands.
    pub state: AccountState,
    /// Whether they administer the server.
    pub admin: bool,
    /// Whether they own the server.
    pub owner: bool,
    /// The presence they chose.
    pub status: ChosenStatus,
    /// The text beside it.
    pub status_text: String,
    /// The spaces they are in.
    pub spaces: BTreeSet<SpaceId>,
}

/// A space with all that is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The space itself.
    pub space: Space,
    /// Its channels; deleted ones are not here.
    pub channels: BTreeMap<ChannelId, Channel>,
    /// Its roles.
    pub roles: BTreeMap<RoleId, Role>,
    /// Its members.
    pub members: BTreeMap<UserId, Member>,
}

/// What an administrator set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The server's name.
    pub name: String,
    /// How one gets an account.
    pub registration: Registration,
    /// The hash of the password that registration asks for.
    pub server_password: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { name: "Snug".into(), registration: Registration::Invite, server_password: None }
    }
}

impl Settings {
    /// As an administrator sees them.
    pub fn shown(&self) -> AdminSettings {
        AdminSettings { name: self.name.clone(), registration: self.registration, password_required: self.server_password.is_some() }
    }
}

impl Person {
    /// As they see themselves.
    pub fn account(&self) -> Account {
        Account { user: self.user.clone(), admin: self.admin, owner: self.owner, status: self.status, status_text: self.status_text.clone() }
    }
}

impl World {
    /// Brings the world to where it is after `change`.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Person(person) => {
                // Memberships are changed by changes of their own.
                let spaces = self.people.remove(&person.user.id).map(|p| p.spaces).unwrap_or_default();
                self.people.insert(person.user.id, Person { spaces, ..person.clone() });
            }
            Change::PersonDeleted(user) => {
                self.people.remove(user);
                self.logins.retain(|_, whose| whose != user);
            }
            Change::LoggedIn { session, user } => {
                self.logins.insert(*session, *user);
            }
            Change::LoggedOut { user, which } => self.logins.retain(|session, whose| whose != user || !which.covers(*session)),
            Change::Settings(settings) => self.settings = settings.clone(),
            Change::SpaceMade(place) => {
                for user in place.members.keys() {
                    self.enter(*user, place.space.id);
                }
                self.channels.extend(place.channels.keys().map(|id| (*id, place.space.id)));
                self.spaces.insert(place.space.id, (**place).clone());
            }
            Change::Space(space) => {
                if let Some(place) = self.spaces.get_mut(&space.id) {
                    place.space = space.clone();
                }
            }
            Change::SpaceDeleted(id) => {
                if let Some(place) = self.spaces.remove(id) {
                    for user in place.members.keys() {
                        self.leave(*user, *id);
                    }
                    self.channels.retain(|_, space| space != id);
                }
            }
            Change::Channel(channel) => {
                if let Some(place) = self.spaces.get_mut(&channel.space_id) {
                    self.channels.insert(channel.id, channel.space_id);
                    // A message may have been written after the change was decided.
                    let newest = place.channels.get(&channel.id).and_then(|known| known.last_message_id);
                    let last_message_id = channel.last_message_id.max(newest);
                    place.channels.insert(channel.id, Channel { last_message_id, ..channel.clone() });
                }
            }
            Change::ChannelDeleted { space, channel } => {
                self.channels.remove(channel);
                if let Some(place) = self.spaces.get_mut(space) {
                    place.channels.remove(channel);
                }
            }
            Change::Role(role) => {
                if let Some(place) = self.spaces.get_mut(&role.space_id) {
                    place.roles.insert(role.id, role.clone());
                }
            }
            Change::RoleDeleted { space, role } => {
                if let Some(place) = self.spaces.get_mut(space) {
                    place.roles.remove(role);
                    place.members.values_mut().for_each(|member| member.roles.retain(|r| r != role));
                    place.forget_target(OverwriteTarget::Role(*role));
                }
            }
            Change::MemberJoined(member) => {
                if let Some(place) = self.spaces.get_mut(&member.space_id) {
                    place.members.insert(member.user_id, member.clone());
                    self.enter(member.user_id, member.space_id);
                }
            }
            Change::Member(member) => {
                if let Some(place) = self.spaces.get_mut(&member.space_id) {
                    place.members.insert(member.user_id, member.clone());
                }
            }
            Change::MemberLeft { space, user, .. } => {
                if let Some(place) = self.spaces.get_mut(space) {
                    place.members.remove(user);
                    place.forget_target(OverwriteTarget::Member(*user));
                }
                self.leave(*user, *space);
            }
            Change::Message { kind: MessageChange::Create, message } => {
                if let Some(channel) = self.channel_mut(message.channel_id) {
                    channel.last_message_id = channel.last_message_id.max(Some(message.id));
                }
            }
            Change::Moved(_) | Change::Message { .. } | Change::MessagesDeleted { .. } | Change::Reaction { .. } | Change::Read { .. } => {}
        }
    }

    fn enter(&mut self, user: UserId, space: SpaceId) {
        if let Some(person) = self.people.get_mut(&user) {
            person.spaces.insert(space);
        }
    }

    fn leave(&mut self, user: UserId, space: SpaceId) {
        if let Some(person) = self.people.get_mut(&user) {
            person.spaces.remove(&space);
        }
    }

    fn channel_mut(&mut self, id: ChannelId) -> Option<&mut Channel> {
        let space = self.channels.get(&id)?;
        self.spaces.get_mut(space)?.channels.get_mut(&id)
    }

    /// A channel, wherever it is.
    pub fn channel(&self, id: ChannelId) -> Option<(&Place, &Channel)> {
        let place = self.spaces.get(self.channels.get(&id)?)?;
        Some((place, place.channels.get(&id)?))
    }

    /// How many people knock.
    pub fn knocks(&self) -> u32 {
        self.people.values().filter(|p| p.state == AccountState::Waiting).count() as u32
    }
}

impl Place {
    /// The sum of a member's roles; everything for the owner. Nothing for others.
    pub fn base(&self, user: UserId) -> Permissions {
        if self.space.owner_id == user {
            return Permissions::ALL;
        }
        let Some(member) = self.members.get(&user) else {
            return Permissions::NONE;
        };
        let everyone = self.role_permissions(self.space.id.everyone());
        let sum = member.roles.iter().fold(everyone, |sum, role| sum | self.role_permissions(*role));
        if sum.allows(snug_protocol::Permission::Administrator) { Permissions::ALL } else { sum }
    }

    fn role_permissions(&self, role: RoleId) -> Permissions {
        self.roles.get(&role).map_or(Permissions::NONE, |r| r.permissions)
    }

    /// What a member may do in a channel.
    pub fn permissions(&self, user: UserId, channel: &Channel) -> Permissions {
        let base = self.base(user);
        let Some(member) = self.members.get(&user) else {
            return Permissions::NONE;
        };
        if base.allows(snug_protocol::Permission::Administrator) {
            return base;
        }
        let own = self.layer(member, &channel.overwrites);
        match channel.parent_id.and_then(|id| self.channels.get(&id)) {
            Some(category) => in_channel(base, &[self.layer(member, &category.overwrites), own]),
            None => in_channel(base, &[own]),
        }
    }

    fn layer(&self, member: &Member, overwrites: &[Overwrite]) -> Layer {
        let mut layer = Layer::default();
        for overwrite in overwrites {
            let change = match overwrite.target {
                OverwriteTarget::Role(role) if role == self.space.id.everyone() => &mut layer.everyone,
                OverwriteTarget::Role(role) if member.roles.contains(&role) => &mut layer.roles,
                OverwriteTarget::Member(user) if user == member.user_id => &mut layer.member,
                OverwriteTarget::Role(_) | OverwriteTarget::Member(_) => continue,
            };
            change.allow |= overwrite.allow;
            change.deny |= overwrite.deny;
        }
        layer
    }

    /// Whether a member sees a channel. A category is seen by those who see something in it, too.
    pub fn sees(&self, user: UserId, channel: &Channel) -> bool {
        let view = snug_protocol::Permission::ViewChannel;
        self.permissions(user, channel).allows(view)
            || channel.kind == ChannelKind::Category
                && self.channels.values().any(|c| c.parent_id == Some(channel.id) && self.permissions(user, c).allows(view))
    }

    /// The channels a member sees.
    pub fn visible(&self, user: UserId) -> BTreeSet<ChannelId> {
        let view = snug_protocol::Permission::ViewChannel;
        let mut seen = BTreeSet::new();
        for channel in self.channels.values() {
            if self.permissions(user, channel).allows(view) {
                seen.insert(channel.id);
                seen.extend(channel.parent_id);
            }
        }
        seen
    }

    /// The highest position among a member's roles. The owner stands above all.
    pub fn rank(&self, user: UserId) -> u32 {
        if self.space.owner_id == user {
            return u32::MAX;
        }
        let roles = self.members.get(&user).into_iter().flat_map(|member| &member.roles);
        roles.filter_map(|role| self.roles.get(role)).map(|role| role.position).max().unwrap_or(0)
    }

    /// All that a member may see of it.
    pub fn snapshot(&self, user: UserId) -> SpaceSnapshot {
        let seen = self.visible(user);
        SpaceSnapshot {
            space: self.space.clone(),
            channels: self.channels.values().filter(|c| seen.contains(&c.id)).cloned().collect(),
            roles: self.roles.values().cloned().collect(),
            members: self.members.values().cloned().collect(),
        }
    }

    fn forget_target(&mut self, target: OverwriteTarget) {
        for channel in self.channels.values_mut() {
            channel.overwrites.retain(|o| o.target != target);
        }
    }
}
