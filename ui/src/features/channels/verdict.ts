import type { Channel, ChannelId, OverwriteTarget, Permission, Role, RoleId, UserId } from "../../protocol/generated";
import { bit, parse } from "../../state/permissions";

/** Whom a permission is computed for: a member, or anybody who has just this role. */
export interface Subject {
  owner: boolean;
  /** Beside `@everyone`. */
  roles: readonly RoleId[];
  user: UserId | undefined;
}

/** What decided. */
export type Reason =
  | { kind: "owner" }
  | { kind: "administrator"; role: RoleId }
  | { kind: "role"; role: RoleId }
  /** No role gives it. */
  | { kind: "nobody" }
  | { kind: "overwrite"; channel: ChannelId; target: OverwriteTarget }
  /** The channel cannot even be seen. */
  | { kind: "hidden" };

export interface Verdict {
  allowed: boolean;
  by: Reason;
}

/** Whether a subject may do something in a channel, and what decided. `layers` are the category, if any, and the channel. */
export function verdict(permission: Permission, subject: Subject, everyone: RoleId, roles: Readonly<Record<RoleId, Role>>, layers: readonly Channel[]): Verdict {
  if (subject.owner) return { allowed: true, by: { kind: "owner" } };
  const mine = [everyone, ...subject.roles];
  const has = (id: RoleId, one: Permission) => (parse(roles[id]?.permissions ?? "0") & bit(one)) !== 0n;

  const administrator = mine.find((id) => has(id, "administrator"));
  if (administrator !== undefined) return { allowed: true, by: { kind: "administrator", role: administrator } };
  if (permission !== "view_channel") {
    const view = verdict("view_channel", subject, everyone, roles, layers);
    if (!view.allowed) return { allowed: false, by: { kind: "hidden" } };
  }

  const giver = mine.find((id) => has(id, permission));
  let now: Verdict = giver === undefined ? { allowed: false, by: { kind: "nobody" } } : { allowed: true, by: { kind: "role", role: giver } };
  for (const channel of layers) for (const step of steps(subject, everyone)) now = apply(now, permission, channel, step);
  return now;
}

/** Whom a layer's overwrites are asked for, in order: the last one that says something decides. */
function steps(subject: Subject, everyone: RoleId): ((target: OverwriteTarget) => boolean)[] {
  return [
    (target) => target.kind === "role" && target.id === everyone,
    (target) => target.kind === "role" && target.id !== everyone && subject.roles.includes(target.id),
    (target) => target.kind === "member" && target.id === subject.user,
  ];
}

function apply(now: Verdict, permission: Permission, channel: Channel, concerns: (target: OverwriteTarget) => boolean): Verdict {
  const found = channel.overwrites.filter((one) => concerns(one.target));
  const saying = (side: "allow" | "deny") => found.find((one) => (parse(one[side]) & bit(permission)) !== 0n);
  const [allow, deny] = [saying("allow"), saying("deny")];
  if (allow) return { allowed: true, by: { kind: "overwrite", channel: channel.id, target: allow.target } };
  if (deny) return { allowed: false, by: { kind: "overwrite", channel: channel.id, target: deny.target } };
  return now;
}

/** How things are called. */
export interface Names {
  role(id: RoleId): string;
  member(id: UserId): string;
  channel(id: ChannelId): string;
}

/** A verdict in words: "Allowed, by the role Friends". */
export function verdictWords(found: Verdict, here: ChannelId, names: Names): string {
  const word = found.allowed ? "Allowed" : "Not allowed";
  switch (found.by.kind) {
    case "owner":
      return `${word}: the owner of the space may do everything`;
    case "administrator":
      return `${word}: ${names.role(found.by.role)} is an administrator's role, and passes every check`;
    case "role":
      return `${word}, by the role ${names.role(found.by.role)}`;
    case "nobody":
      return `${word}: no role gives it`;
    case "hidden":
      return `${word}: the channel is not seen at all`;
    case "overwrite": {
      const { target, channel } = found.by;
      const whom = target.kind === "role" ? names.role(target.id) : names.member(target.id);
      return `${word}, by what ${channel === here ? "this channel" : `the category ${names.channel(channel)}`} says for ${whom}`;
    }
  }
}
