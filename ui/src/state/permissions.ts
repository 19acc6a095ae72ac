import { PERMISSION_BIT } from "../protocol/constants";
import type { Channel, ChannelId, Overwrite, Permission, Permissions, RoleId, SpaceId, UserId } from "../protocol/generated";
import type { State } from "./model";

/* The same sum as in the crate's `permission` module, with the same names. */

export const bit = (permission: Permission): bigint => 1n << BigInt(PERMISSION_BIT[permission]);

export const NONE = 0n;
export const ALL = Object.values(PERMISSION_BIT).reduce((sum, number) => sum | (1n << BigInt(number)), NONE);
const ADMINISTRATOR = bit("administrator");

/** Whether `permission` is in the set, or administrator is. */
export const allows = (set: bigint, permission: Permission): boolean => (set & (bit(permission) | ADMINISTRATOR)) !== NONE;

export const parse = (permissions: Permissions): bigint => BigInt(permissions) & ALL;

/** What a channel or its category changes for one member, in three steps. */
export interface Layer {
  everyone: Change;
  roles: Change;
  member: Change;
}
export interface Change {
  deny: bigint;
  allow: bigint;
}

const step = (set: bigint, change: Change): bigint => (set & ~change.deny) | change.allow;

/** What a member may do in a channel. `base` is the sum of the member's roles; the category's layer comes first. */
export function inChannel(base: bigint, layers: readonly Layer[]): bigint {
  if ((base & ADMINISTRATOR) !== NONE) return ALL;
  let set = base;
  for (const layer of layers) set = step(step(step(set, layer.everyone), layer.roles), layer.member);
  set &= ~ADMINISTRATOR;
  return (set & bit("view_channel")) === NONE ? NONE : set;
}

/** The part of `overwrites` that concerns one member. */
export function layerOf(overwrites: readonly Overwrite[], everyone: RoleId, roles: readonly RoleId[], user: UserId): Layer {
  const layer: Layer = { everyone: { deny: NONE, allow: NONE }, roles: { deny: NONE, allow: NONE }, member: { deny: NONE, allow: NONE } };
  for (const { target, allow, deny } of overwrites) {
    const change =
      target.kind === "member"
        ? target.id === user && layer.member
        : target.id === everyone
          ? layer.everyone
          : roles.includes(target.id) && layer.roles;
    if (!change) continue;
    change.deny |= parse(deny);
    change.allow |= parse(allow);
  }
  return layer;
}

/** What somebody may do in a space, channels aside. */
export function spacePermissions(state: State, spaceId: SpaceId, userId: UserId | undefined = state.account?.id): bigint {
  const member = userId === undefined ? undefined : state.members[spaceId]?.[userId];
  if (!member) return NONE;
  if (state.spaces[spaceId]?.owner_id === userId) return ALL;
  const sum = [spaceId, ...member.roles].reduce((set, id) => set | parse(state.roles[id]?.permissions ?? "0"), NONE);
  return (sum & ADMINISTRATOR) === NONE ? sum : ALL;
}

/** What somebody may do in a channel. */
export function channelPermissions(state: State, channelId: ChannelId, userId: UserId | undefined = state.account?.id): bigint {
  const channel = state.channels[channelId];
  const member = channel && userId !== undefined ? state.members[channel.space_id]?.[userId] : undefined;
  if (!channel || !member || userId === undefined) return NONE;
  const layerFor = (of: Channel): Layer => layerOf(of.overwrites, channel.space_id, member.roles, userId);
  const parent = channel.parent_id === null ? undefined : state.channels[channel.parent_id];
  return inChannel(spacePermissions(state, channel.space_id, userId), parent ? [layerFor(parent), layerFor(channel)] : [layerFor(channel)]);
}

/** The rank of somebody's highest role; the owner stands above all. */
export function rank(state: State, spaceId: SpaceId, userId: UserId): number {
  if (state.spaces[spaceId]?.owner_id === userId) return Infinity;
  const roles = state.members[spaceId]?.[userId]?.roles ?? [];
  return roles.reduce((highest, id) => Math.max(highest, state.roles[id]?.position ?? 0), 0);
}

/** Whether somebody (oneself if left out) stands above another. */
export function standsAbove(state: State, spaceId: SpaceId, other: UserId, userId: UserId | undefined = state.account?.id): boolean {
  return userId !== undefined && rank(state, spaceId, userId) > rank(state, spaceId, other);
}
