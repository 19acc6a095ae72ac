import { blake3 } from "@noble/hashes/blake3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { unwrap } from "solid-js/store";
import { compareIds } from "./ids";
import type { State } from "./model";

/** JSON with its keys sorted by code unit and without white space (RFC 8785). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

const byId = (a: { id: string }, b: { id: string }): number => compareIds(a.id, b.id);

/** The proof of what this copy holds, as `Digest` in the protocol describes it. */
export function digest(stored: State): string {
  const state = unwrap(stored);
  const known = new Set<string>(state.account ? [state.account.id] : []);
  const spaces = Object.values(state.spaces)
    .sort(byId)
    .map((space) => {
      const members = Object.values(state.members[space.id] ?? {}).sort((a, b) => compareIds(a.user_id, b.user_id));
      for (const member of members) known.add(member.user_id);
      return {
        space,
        channels: Object.values(state.channels).filter((channel) => channel.space_id === space.id).sort(byId),
        roles: Object.values(state.roles).filter((role) => role.space_id === space.id).sort(byId),
        members,
      };
    });
  const users = Object.values(state.users).filter((user) => known.has(user.id)).sort(byId);
  return bytesToHex(blake3(utf8ToBytes(canonical({ spaces, users }))));
}
