import type { ChannelId, UserId } from "../../protocol/generated";
import { compareIds } from "../ids";
import type { State } from "../model";
import { nameOf } from "../selectors";

/** Those in a voice channel, by name. */
export function peopleIn(state: State, channelId: ChannelId): UserId[] {
  const space = state.channels[channelId]?.space_id;
  return Object.values(state.voiceStates)
    .filter((voice) => voice.channel_id === channelId)
    .map((voice) => ({ id: voice.user_id, name: nameOf(state, voice.user_id, space) }))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { sensitivity: "base" }) || compareIds(a.id, b.id))
    .map((one) => one.id);
}

/** How somebody is in voice, in one. */
export interface Presence {
  speaking: boolean;
  muted: boolean;
  deafened: boolean;
  /** By a moderator. */
  serverMuted: boolean;
  serverDeafened: boolean;
}

export function presenceOf(state: State, channelId: ChannelId, userId: UserId): Presence {
  const voice = state.voiceStates[userId];
  const space = state.channels[channelId]?.space_id;
  const member = space === undefined ? undefined : state.members[space]?.[userId];
  return {
    speaking: state.speaking[channelId]?.includes(userId) ?? false,
    muted: voice?.self_mute ?? false,
    deafened: voice?.self_deaf ?? false,
    serverMuted: member?.muted ?? false,
    serverDeafened: member?.deafened ?? false,
  };
}
