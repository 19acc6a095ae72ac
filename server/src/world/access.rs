//! What somebody may do: the only way from an identifier in a path to a space or a channel.

use super::{Place, World};
use crate::error::Refusal;
use snug_protocol::{Channel, ChannelId, ErrorCode, Member, Permission, Permissions, Role, RoleId, SpaceId, UserId};

/// A member's view of a space.
#[derive(Clone, Copy, Debug)]
pub struct SpaceAccess<'w> {
    /// The space.
    pub place: &'w Place,
    /// The member.
    pub member: &'w Member,
    /// What they may do where no channel says otherwise.
    pub permissions: Permissions,
}

/// A member's view of a channel they see.
#[derive(Clone, Copy, Debug)]
pub struct ChannelAccess<'w> {
    /// Their view of its space.
    pub space: SpaceAccess<'w>,
    /// The channel.
    pub channel: &'w Channel,
    /// What they may do in it.
    pub permissions: Permissions,
}

impl World {
    /// The space, as one of its members sees it. To others it is not there.
    pub fn space_for(&self, user: UserId, space: SpaceId) -> Result<SpaceAccess<'_>, Refusal> {
        let place = self.spaces.get(&space);
        place
            .and_then(|place| Some(SpaceAccess { place, member: place.members.get(&user)?, permissions: place.base(user) }))
            .ok_or_else(|| Refusal::not_found("space"))
    }

    /// The channel, as a member who sees it does. To others it is not there.
    pub fn channel_for(&self, user: UserId, channel: ChannelId) -> Result<ChannelAccess<'_>, Refusal> {
        let missing = || Refusal::not_found("channel");
        let (place, channel) = self.channel(channel).ok_or_else(missing)?;
        let space = self.space_for(user, place.space.id).map_err(|_| missing())?;
        let permissions = place.permissions(user, channel);
        // Who manages channels reaches the ones they lack the view of only through it being given to them; but a
        // category without a view of its own is reached through what is in it.
        if place.sees(user, channel) { Ok(ChannelAccess { space, channel, permissions }) } else { Err(missing()) }
    }
}

impl<'w> SpaceAccess<'w> {
    /// Who it is.
    pub fn user(&self) -> UserId {
        self.member.user_id
    }

    /// Refuses those who lack the permission.
    pub fn require(&self, permission: Permission) -> Result<(), Refusal> {
        if self.permissions.allows(permission) { Ok(()) } else { Err(Refusal::lacking(permission)) }
    }

    /// Whether they own the space.
    pub fn is_owner(&self) -> bool {
        self.place.space.owner_id == self.user()
    }

    /// Refuses those who do not own the space.
    pub fn require_owner(&self) -> Result<(), Refusal> {
        if self.is_owner() { Ok(()) } else { Err(Refusal::new(ErrorCode::Forbidden, "Only the owner of the space may do that.")) }
    }

    /// Another member of the same space.
    pub fn other(&self, user: UserId) -> Result<&'w Member, Refusal> {
        self.place.members.get(&user).ok_or_else(|| Refusal::not_found("member"))
    }

    /// Refuses those who do not stand above the other: nobody acts on who is at or above their own highest role, nor
    /// on the owner.
    pub fn require_above(&self, user: UserId) -> Result<(), Refusal> {
        if self.place.space.owner_id == user {
            return Err(Refusal::new(ErrorCode::Forbidden, "The owner of the space is out of everyone's reach."));
        }
        if self.place.rank(self.user()) > self.place.rank(user) {
            return Ok(());
        }
        Err(Refusal::new(ErrorCode::Forbidden, "Their highest role is not below yours.").hint("Ask somebody with a higher role."))
    }

    /// A role of the same space.
    pub fn role(&self, role: RoleId) -> Result<&'w Role, Refusal> {
        self.place.roles.get(&role).ok_or_else(|| Refusal::not_found("role"))
    }

    /// Refuses those whose highest role is not above this one.
    pub fn require_above_role(&self, role: &Role) -> Result<(), Refusal> {
        if self.place.rank(self.user()) > role.position {
            return Ok(());
        }
        Err(Refusal::new(ErrorCode::Forbidden, format!("The role “{}” is not below your highest role.", role.name))
            .hint("Ask somebody with a higher role."))
    }

    /// Refuses to give what one does not have.
    pub fn require_own(&self, given: Permissions) -> Result<(), Refusal> {
        require_own(self.permissions, given)
    }
}

impl ChannelAccess<'_> {
    /// Who it is.
    pub fn user(&self) -> UserId {
        self.space.user()
    }

    /// Refuses those who lack the permission here.
    pub fn require(&self, permission: Permission) -> Result<(), Refusal> {
        if self.permissions.allows(permission) { Ok(()) } else { Err(Refusal::lacking(permission)) }
    }

    /// Refuses to give what one does not have here.
    pub fn require_own(&self, given: Permissions) -> Result<(), Refusal> {
        require_own(self.permissions, given)
    }
}

/// Refuses to give or take what one does not have.
pub fn require_own(own: Permissions, given: Permissions) -> Result<(), Refusal> {
    if own.contains(given) {
        return Ok(());
    }
    let lacking: Vec<_> = given.minus(own).iter().map(crate::error::permission_name).collect();
    Err(Refusal::new(ErrorCode::Forbidden, format!("You cannot change permissions that you do not have: {}.", lacking.join(", "))))
}
