import type { Channel, Overwrite, OverwriteTarget, Permission } from "../../protocol/generated";
import { bit, parse } from "../../state/permissions";

/** What a channel says about one permission of a role or member. */
export type Tristate = "allow" | "inherit" | "deny";

/** An overwrite as two sets. */
export interface Change {
  allow: bigint;
  deny: bigint;
}

export const NOTHING: Change = { allow: 0n, deny: 0n };

/** Names a target among those of a channel. */
export const keyOf = (target: OverwriteTarget): string => `${target.kind}/${target.id}`;

export function targetOf(key: string): OverwriteTarget {
  const [kind, id] = key.split("/") as ["role" | "member", string];
  return { kind, id };
}

/** The overwrites of a channel by target. */
export function changesOf(overwrites: readonly Overwrite[]): Record<string, Change> {
  return Object.fromEntries(overwrites.map((one) => [keyOf(one.target), { allow: parse(one.allow), deny: parse(one.deny) }]));
}

export function tristate(change: Change, permission: Permission): Tristate {
  if ((change.allow & bit(permission)) !== 0n) return "allow";
  return (change.deny & bit(permission)) === 0n ? "inherit" : "deny";
}

export function withTristate(change: Change, permission: Permission, to: Tristate): Change {
  const clear = ~bit(permission);
  const without = { allow: change.allow & clear, deny: change.deny & clear };
  if (to === "inherit") return without;
  return { ...without, [to]: without[to] | bit(permission) };
}

export const sameChange = (a: Change, b: Change): boolean => a.allow === b.allow && a.deny === b.deny;

export const isNothing = (change: Change): boolean => change.allow === 0n && change.deny === 0n;

/** The channel with these changes in place of its overwrites. */
export function withChanges(channel: Channel, changes: Record<string, Change>): Channel {
  const overwrites = Object.entries(changes)
    .filter(([, change]) => !isNothing(change))
    .map(([key, change]) => ({ target: targetOf(key), allow: String(change.allow), deny: String(change.deny) }));
  return { ...channel, overwrites };
}

/** Whether not everyone sees the channel. */
export function isPrivate(channel: Channel): boolean {
  const everyone = channel.overwrites.find((one) => one.target.kind === "role" && one.target.id === channel.space_id);
  return everyone !== undefined && (parse(everyone.deny) & bit("view_channel")) !== 0n;
}

/** Overwrites for a new channel that only these roles, and whoever makes it, see. */
export function privateFor(spaceId: string, roles: readonly string[], maker: string | undefined): Overwrite[] {
  const view = String(bit("view_channel"));
  const allow = (target: OverwriteTarget): Overwrite => ({ target, allow: view, deny: "0" });
  return [
    { target: { kind: "role", id: spaceId }, allow: "0", deny: view },
    ...roles.map((id) => allow({ kind: "role", id })),
    ...(maker === undefined ? [] : [allow({ kind: "member", id: maker })]),
  ];
}
