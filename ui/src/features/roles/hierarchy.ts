import type { OverwriteTarget, Permission, Role, RoleId, SpaceId } from "../../protocol/generated";
import type { State } from "../../state/model";
import { allows, bit, parse, rank, spacePermissions, standsAbove } from "../../state/permissions";
import { nameOf } from "../../state/selectors";

/** Why one may not change a role, in words; nothing if one may. */
export function roleLock(state: State, spaceId: SpaceId, role: Role): string | undefined {
  const me = state.account?.id;
  if (me === undefined || !allows(spacePermissions(state, spaceId), "manage_roles")) return "You need the permission to manage roles.";
  if (role.position >= rank(state, spaceId, me)) {
    return role.id === spaceId
      ? "Only those with a role above @everyone can change it."
      : `${role.name} stands at or above your own highest role. Somebody who stands above it can change it.`;
  }
  return undefined;
}

/** Why one may not give or take a permission of a role, in words; nothing if one may. */
export function grantLock(state: State, spaceId: SpaceId, role: RoleId, permission: Permission): string | undefined {
  if (role === spaceId && permission === "administrator") return "Not everyone can be an administrator.";
  return allows(spacePermissions(state, spaceId), permission) ? undefined : "You do not have this yourself, so you can neither give nor take it.";
}

/** Why one may not say in a channel what a role or a member may do there, in words. */
export function overwriteLock(state: State, spaceId: SpaceId, target: OverwriteTarget): string | undefined {
  if (target.kind === "member") {
    if (target.id === state.account?.id || standsAbove(state, spaceId, target.id)) return undefined;
    return `${nameOf(state, target.id, spaceId)} stands at or above you. Somebody who stands above them can change this.`;
  }
  const role = state.roles[target.id];
  const me = state.account?.id;
  if (!role || me === undefined || role.position < rank(state, spaceId, me)) return undefined;
  return role.id === spaceId ? "Only those with a role above @everyone can change this." : `${role.name} stands at or above your own highest role. Somebody who stands above it can change this.`;
}

/** Why one may not give a role to somebody or take it from them, in words. */
export function assignLock(state: State, spaceId: SpaceId, role: Role): string | undefined {
  const lock = roleLock(state, spaceId, role);
  if (lock !== undefined) return lock;
  const mine = spacePermissions(state, spaceId);
  return allows(mine, "administrator") || (parse(role.permissions) & ~mine) === 0n ? undefined : `${role.name} can do things that you cannot.`;
}

/** A set with one permission more or less. */
export function withPermission(set: bigint, permission: Permission, on: boolean): bigint {
  return on ? set | bit(permission) : set & ~bit(permission);
}

/** The order of roles, highest first and without `@everyone`, with one moved to stand before what is now at `gap`. Nothing if that breaks the hierarchy or changes nothing. */
export function reordered(roles: readonly Role[], id: string, gap: number, highest: number): string[] | undefined {
  const from = roles.findIndex((role) => role.id === id);
  const moving = roles[from];
  if (!moving || moving.position >= highest) return undefined;
  const to = Math.max(gap, roles.findIndex((role) => role.position < highest));
  const ids = roles.map((role) => role.id).filter((one) => one !== id);
  ids.splice(to > from ? to - 1 : to, 0, id);
  return ids.every((one, at) => one === roles[at]?.id) ? undefined : ids;
}
