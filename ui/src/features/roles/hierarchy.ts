import type { Permission, Role, SpaceId } from "../../protocol/generated";
import type { State } from "../../state/model";
import { allows, bit, parse, rank, spacePermissions } from "../../state/permissions";

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

/** Why one may not grant a permission, in words; nothing if one may. Who lacks a permission cannot give it. */
export function grantLock(state: State, spaceId: SpaceId, permission: Permission): string | undefined {
  return allows(spacePermissions(state, spaceId), permission) ? undefined : "You do not have this yourself, so you cannot give it.";
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
