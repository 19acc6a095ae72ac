import type { Event } from "../backend/gateway";
import type * as P from "../protocol/generated";
import type { State } from "./model";

/** What happens in voice. */
export type VoiceEvent = Extract<Event, { t: `voice_${string}` }>;

export function isVoiceEvent(event: Event): event is VoiceEvent {
  return event.t.startsWith("voice_");
}

export function applyVoiceEvent(state: State, event: VoiceEvent): void {
  switch (event.t) {
    case "voice_state_update":
      return place(state, event.d);
    case "voice_speaking":
      state.speaking[event.d.channel_id] = event.d.users;
      return;
    case "voice_stats":
      state.peerStats = Object.fromEntries(event.d.peers.map((peer) => [peer.user_id, peer]));
      return;
    case "voice_ended":
      delete state.speaking[event.d.channel_id];
      state.peerStats = {};
      return;
    case "voice_offer":
    case "voice_tracks":
    case "voice_heard":
      // Of one's own call: see `voice/call.ts`.
      return;
    default:
      // A newer server may tell of what this program does not know; that is no fault.
      return void (event satisfies never);
  }
}

function place(state: State, { user_id, channel_id, state: now }: P.VoiceStateUpdate): void {
  if (now !== null) state.voiceStates[user_id] = now;
  // Whoever went elsewhere is there already when this comes late.
  else if (state.voiceStates[user_id]?.channel_id === channel_id) delete state.voiceStates[user_id];
  if (now === null) silence(state, channel_id, user_id);
}

function silence(state: State, channelId: P.ChannelId, userId: P.UserId): void {
  const heard = state.speaking[channelId];
  if (heard?.includes(userId)) state.speaking[channelId] = heard.filter((id) => id !== userId);
}

/** Puts everyone out of a channel that is not seen any more. */
export function emptyVoice(state: State, channelId: P.ChannelId): void {
  for (const voice of Object.values(state.voiceStates)) if (voice.channel_id === channelId) delete state.voiceStates[voice.user_id];
  delete state.speaking[channelId];
}

/** Somebody is no member of a space any more, and so in none of its channels. */
export function leaveVoice(state: State, spaceId: P.SpaceId, userId: P.UserId): void {
  const voice = state.voiceStates[userId];
  if (voice && state.channels[voice.channel_id]?.space_id === spaceId) place(state, { user_id: userId, channel_id: voice.channel_id, state: null });
}
