import type { Channel, ChannelId, ChannelPlace, Member, Message, Role, SpaceId, Status, UserId } from "../protocol/generated";
import { legible } from "./color";
import { compareIds } from "./ids";
import type { State } from "./model";
import { allows, channelPermissions } from "./permissions";

export function channelsOf(state: State, spaceId: SpaceId): Channel[] {
  return Object.values(state.channels).filter((channel) => channel.space_id === spaceId);
}

/** A category with what is in it; `category` is nothing for channels that are in none. */
export interface Branch {
  category: Channel | null;
  channels: Channel[];
}

/** The channels of a space as they are listed: those in no category first. `places` go before what the channels say. */
export function channelTree(state: State, spaceId: SpaceId, places: readonly ChannelPlace[] = []): Branch[] {
  const place = new Map(places.map((one) => [one.id, one]));
  const positionOf = (channel: Channel): number => place.get(channel.id)?.position ?? channel.position;
  const parentOf = (channel: Channel): ChannelId | null => {
    const one = place.get(channel.id);
    return one ? (one.parent_id ?? null) : channel.parent_id;
  };
  const all = channelsOf(state, spaceId).sort((a, b) => positionOf(a) - positionOf(b) || compareIds(a.id, b.id));
  const categories = all.filter((channel) => channel.kind === "category");
  const known = new Set(categories.map((category) => category.id));
  const inside = (id: ChannelId | null): Channel[] =>
    all.filter((channel) => channel.kind !== "category" && (known.has(parentOf(channel) ?? "") ? parentOf(channel) : null) === id);
  return [{ category: null, channels: inside(null) }, ...categories.map((category) => ({ category, channels: inside(category.id) }))];
}

/** The channel to open in a space: the one given, or the first that can be read. */
export function firstChannel(state: State, spaceId: SpaceId, wanted?: ChannelId): ChannelId | undefined {
  if (wanted !== undefined && state.channels[wanted]?.space_id === spaceId) return wanted;
  const all = channelTree(state, spaceId).flatMap((branch) => branch.channels);
  return (all.find((channel) => channel.kind === "text") ?? all[0])?.id;
}

export function nameOf(state: State, userId: UserId, spaceId?: SpaceId): string {
  const nickname = spaceId === undefined ? null : state.members[spaceId]?.[userId]?.nickname;
  return nickname ?? state.users[userId]?.display_name ?? "Somebody who left";
}

export const statusOf = (state: State, userId: UserId): Status => state.presences[userId]?.status ?? "offline";

export function rolesOf(state: State, spaceId: SpaceId): Role[] {
  return Object.values(state.roles)
    .filter((role) => role.space_id === spaceId)
    .sort((a, b) => b.position - a.position || compareIds(a.id, b.id));
}

/** The roles of a member beside `@everyone`, highest first. */
export function memberRoles(state: State, member: Member): Role[] {
  return member.roles
    .flatMap((id) => state.roles[id] ?? [])
    .sort((a, b) => b.position - a.position || compareIds(a.id, b.id));
}

/** The colour of somebody's name, in CSS: that of their highest role which has one. */
export function colorOf(state: State, spaceId: SpaceId, userId: UserId): string | null {
  const member = state.members[spaceId]?.[userId];
  const color = member && memberRoles(state, member).find((role) => role.color !== null)?.color;
  return color ? legible(color) : null;
}

export interface MemberGroup {
  id: string;
  name: string;
  members: UserId[];
}

/** Members as they are listed: those who are there by their highest hoisted role, then the rest of them, then who is away. */
export function memberGroups(state: State, spaceId: SpaceId, wanted: (userId: UserId) => boolean = () => true): MemberGroup[] {
  const groups = new Map<string, MemberGroup>();
  for (const role of rolesOf(state, spaceId)) if (role.hoist && role.id !== spaceId) groups.set(role.id, { id: role.id, name: role.name, members: [] });
  groups.set("online", { id: "online", name: "Online", members: [] });
  groups.set("offline", { id: "offline", name: "Offline", members: [] });
  for (const member of Object.values(state.members[spaceId] ?? {})) {
    if (!wanted(member.user_id)) continue;
    const there = statusOf(state, member.user_id) !== "offline";
    const hoisted = there ? memberRoles(state, member).find((role) => role.hoist)?.id : undefined;
    groups.get(hoisted ?? (there ? "online" : "offline"))?.members.push(member.user_id);
  }
  const name = new Map(Object.keys(state.members[spaceId] ?? {}).map((id) => [id, nameOf(state, id, spaceId)]));
  for (const group of groups.values()) group.members.sort((a, b) => name.get(a)!.localeCompare(name.get(b)!, undefined, { sensitivity: "base" }) || compareIds(a, b));
  return [...groups.values()].filter((group) => group.members.length > 0);
}

export interface Unread {
  unread: boolean;
  mentions: number;
}

export function unreadOf(state: State, channelId: ChannelId): Unread {
  const read = state.readStates[channelId];
  return { unread: (read?.unread ?? 0) > 0, mentions: read?.mentions ?? 0 };
}

export function unreadOfSpace(state: State, spaceId: SpaceId): Unread {
  return channelsOf(state, spaceId).reduce<Unread>(
    (sum, channel) => {
      const { unread, mentions } = unreadOf(state, channel.id);
      return { unread: sum.unread || unread, mentions: sum.mentions + mentions };
    },
    { unread: false, mentions: 0 },
  );
}

/** What one may do with a message. */
export function powersOver(state: State, message: Message): { edit: boolean; remove: boolean; pin: boolean; react: boolean } {
  const mine = message.author_id === state.account?.id;
  const set = channelPermissions(state, message.channel_id);
  const manage = allows(set, "manage_messages");
  return { edit: mine && allows(set, "view_channel"), remove: mine || manage, pin: manage, react: allows(set, "read_history") };
}
