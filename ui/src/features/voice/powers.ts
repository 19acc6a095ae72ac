import { Refusal } from "../../backend/refusal";
import { toast } from "../../components/Toast";
import type { Channel, ChannelId, SpaceId, UserId } from "../../protocol/generated";
import type { State } from "../../state/model";
import { allows, channelPermissions, spacePermissions, standsAbove } from "../../state/permissions";
import { channelTree } from "../../state/selectors";
import type { Snug } from "../../state/snug";
import { peopleIn } from "../../state/voice/people";

/** Why somebody cannot come in, as far as this end knows. */
export function closedTo(state: State, channel: Channel): "forbidden" | "full" | null {
  const set = channelPermissions(state, channel.id);
  if (!allows(set, "connect")) return "forbidden";
  const inside = state.voiceStates[state.account?.id ?? ""]?.channel_id === channel.id;
  if (channel.user_limit > 0 && !inside && !allows(set, "move_members") && peopleIn(state, channel.id).length >= channel.user_limit) return "full";
  return null;
}

/** What one may do with somebody in voice. */
export interface VoicePowers {
  mute: boolean;
  deafen: boolean;
  disconnect: boolean;
  /** Where one may move them. */
  targets: Channel[];
}

export function voicePowers(state: State, spaceId: SpaceId, userId: UserId): VoicePowers {
  const self = userId === state.account?.id;
  const set = spacePermissions(state, spaceId);
  const above = standsAbove(state, spaceId, userId);
  const voice = state.voiceStates[userId];
  const here = voice !== undefined && state.channels[voice.channel_id]?.space_id === spaceId;
  const moves = here && (self || allows(channelPermissions(state, voice.channel_id), "move_members"));
  return {
    mute: above && allows(set, "mute_members"),
    deafen: above && allows(set, "deafen_members"),
    disconnect: moves && !self,
    targets: moves ? voiceChannels(state, spaceId).filter((channel) => channel.id !== voice.channel_id && mayMoveTo(state, channel.id, self)) : [],
  };
}

const voiceChannels = (state: State, spaceId: SpaceId): Channel[] => channelTree(state, spaceId).flatMap((branch) => branch.channels.filter((channel) => channel.kind === "voice"));

function mayMoveTo(state: State, to: ChannelId, self: boolean): boolean {
  const set = channelPermissions(state, to);
  return allows(set, "connect") && (self || allows(set, "move_members"));
}

/** Brings somebody to another voice channel; nothing puts them out. */
export function moveTo(snug: Snug, spaceId: SpaceId, userId: UserId, to: ChannelId | null): void {
  if (userId !== snug.state.account?.id) attempt(snug.api.members.move(spaceId, userId, to === null ? {} : { channel_id: to }));
  else if (to !== null) snug.voice.join(to);
}

/** Silences somebody for all, or not any more. */
export function silence(snug: Snug, spaceId: SpaceId, userId: UserId, what: { muted: boolean } | { deafened: boolean }): void {
  attempt(snug.api.members.update(spaceId, userId, what));
}

function attempt(work: Promise<unknown>): void {
  work.catch((thrown: unknown) => toast({ kind: "error", text: Refusal.from(thrown).message }));
}
