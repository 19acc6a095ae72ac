//! Who may come into a voice channel, who may stay there, and what they may do in it.

use crate::{
    sfu::May,
    world::{ChannelAccess, World},
};
use snug_protocol::{
    ChannelId, ChannelKind, Permission, UserId,
    voice::{VoiceGone, VoiceSelf},
};

/// A voice channel that somebody sees.
fn voice(world: &World, user: UserId, channel: ChannelId) -> Option<ChannelAccess<'_>> {
    world.channel_for(user, channel).ok().filter(|access| access.channel.kind == ChannelKind::Voice)
}

/// Whether somebody may come in where so many people are.
pub fn enter(world: &World, user: UserId, channel: ChannelId, people: usize) -> Result<(), VoiceGone> {
    let access = voice(world, user, channel).filter(|access| access.permissions.allows(Permission::Connect)).ok_or(VoiceGone::Forbidden)?;
    let limit = usize::from(access.channel.user_limit);
    if limit > 0 && people >= limit && !access.permissions.allows(Permission::MoveMembers) {
        return Err(VoiceGone::Full);
    }
    Ok(())
}

/// Whether somebody may be where they are. Who was brought there by a moderator needs no `connect`.
pub fn stay(world: &World, user: UserId, channel: ChannelId, brought: bool) -> bool {
    voice(world, user, channel).is_some_and(|access| brought || access.permissions.allows(Permission::Connect))
}

/// What somebody may do where they are: permissions, mute and deafness in one.
pub fn may(world: &World, user: UserId, channel: ChannelId, own: VoiceSelf) -> May {
    let Some(access) = voice(world, user, channel) else { return May::default() };
    let member = access.space.member;
    May {
        speak: access.permissions.allows(Permission::Speak) && !member.muted && !own.self_mute,
        listen: !member.deafened && !own.self_deaf,
        share: access.permissions.allows(Permission::ShareScreen),
    }
}
