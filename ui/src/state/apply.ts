import type { Event } from "../backend/gateway";
import type * as P from "../protocol/generated";
import { applyMessageEvent } from "./apply-message";
import { emptyState, type State } from "./model";

/** How long somebody is shown as typing. */
export const TYPING_MS = 8_000;

/** What a `ready` says nothing about. */
type Own = Pick<State, "histories" | "typing" | "partings">;

/** The copy that a `ready` describes. */
export function fromReady(ready: P.Ready): Omit<State, keyof Own> {
  const state = emptyState();
  state.loaded = true;
  state.account = ready.account;
  state.sessionId = ready.session_id;
  state.knocks = ready.knocks;
  for (const snapshot of ready.spaces) putSpace(state, snapshot);
  putPeople(state, ready);
  const { histories: _, typing: __, partings: ___, ...told } = state;
  return told;
}

/** Changes the copy as one event says. The only place that does. Made for `produce`. */
export function apply(state: State, event: Event, now: number): void {
  switch (event.t) {
    case "account_update":
      state.account = event.d;
      return;
    case "read_update":
      state.readStates[event.d.channel_id] = event.d;
      return;
    case "user_update":
      state.users[event.d.id] = event.d;
      return;
    case "presence_update":
      for (const presence of event.d.presences) putPresence(state, presence);
      return;
    case "space_create":
      putSpace(state, event.d.snapshot);
      putPeople(state, event.d);
      return;
    case "space_update":
      state.spaces[event.d.id] = event.d;
      return;
    case "space_delete":
      return removeSpace(state, event.d);
    case "channel_create":
    case "channel_update":
      state.channels[event.d.id] = event.d;
      return;
    case "channel_delete":
      return removeChannel(state, event.d.id);
    case "role_create":
    case "role_update":
      state.roles[event.d.id] = event.d;
      return;
    case "role_delete":
      return removeRole(state, event.d);
    case "member_add":
      (state.members[event.d.member.space_id] ??= {})[event.d.member.user_id] = event.d.member;
      state.users[event.d.user.id] = event.d.user;
      putPresence(state, event.d.presence);
      return;
    case "member_update":
      (state.members[event.d.space_id] ??= {})[event.d.user_id] = event.d;
      return;
    case "member_remove":
      return removeMember(state, event.d);
    case "message_create":
    case "message_update":
    case "message_delete":
    case "message_restore":
    case "reaction_add":
    case "reaction_remove":
      return applyMessageEvent(state, event);
    case "typing_start":
      if (event.d.user_id !== state.account?.id) (state.typing[event.d.channel_id] ??= {})[event.d.user_id] = now + TYPING_MS;
      return;
    case "knock_update":
      state.knocks = event.d.waiting;
      return;
    case "voice_state_update":
      return putVoice(state, event.d);
    case "voice_offer":
    case "voice_tracks":
    case "voice_speaking":
    case "voice_heard":
    case "voice_ended":
    case "voice_stats":
      // These have to do with the connection, not with what is seen.
      return;
    default:
      // A newer server may tell of what this program does not know; that is no fault.
      return void (event satisfies never);
  }
}

/** Forgets who has stopped typing. */
export function endTyping(state: State, channelId: P.ChannelId, now: number): void {
  const typists = state.typing[channelId] ?? {};
  for (const [id, until] of Object.entries(typists)) if (until <= now) delete typists[id];
}

function putSpace(state: State, snapshot: P.SpaceSnapshot): void {
  const id = snapshot.space.id;
  if (!state.spaceIds.includes(id)) state.spaceIds.push(id);
  state.spaces[id] = snapshot.space;
  for (const channel of snapshot.channels) state.channels[channel.id] = channel;
  for (const role of snapshot.roles) state.roles[role.id] = role;
  state.members[id] = Object.fromEntries(snapshot.members.map((member) => [member.user_id, member]));
  state.partings = state.partings.filter((parting) => parting.id !== id);
}

function putPeople(state: State, from: { users: P.User[]; presences: P.Presence[]; read_states: P.ReadState[]; voice_states: P.VoiceState[] }): void {
  for (const user of from.users) state.users[user.id] = user;
  for (const presence of from.presences) putPresence(state, presence);
  for (const read of from.read_states) state.readStates[read.channel_id] = read;
  for (const voice of from.voice_states) state.voiceStates[voice.user_id] = voice;
}

function putPresence(state: State, presence: P.Presence): void {
  if (presence.status === "offline") delete state.presences[presence.user_id];
  else state.presences[presence.user_id] = presence;
}

/** Whoever left a channel may be in another by now. */
function putVoice(state: State, update: P.VoiceStateUpdate): void {
  if (update.state) state.voiceStates[update.user_id] = update.state;
  else if (state.voiceStates[update.user_id]?.channel_id === update.channel_id) delete state.voiceStates[update.user_id];
}

function removeSpace(state: State, gone: P.SpaceDelete): void {
  const space = state.spaces[gone.id];
  if (!space) return;
  if (gone.reason !== "left") state.partings.push({ id: gone.id, name: space.name, reason: gone.reason });
  for (const channel of Object.values(state.channels)) if (channel.space_id === gone.id) removeChannel(state, channel.id);
  for (const role of Object.values(state.roles)) if (role.space_id === gone.id) delete state.roles[role.id];
  const members = Object.keys(state.members[gone.id] ?? {});
  delete state.members[gone.id];
  delete state.spaces[gone.id];
  state.spaceIds = state.spaceIds.filter((id) => id !== gone.id);
  for (const id of members) forgetStranger(state, id);
}

function removeChannel(state: State, id: P.ChannelId): void {
  delete state.channels[id];
  delete state.readStates[id];
  delete state.histories[id];
  delete state.typing[id];
  for (const voice of Object.values(state.voiceStates)) if (voice.channel_id === id) delete state.voiceStates[voice.user_id];
}

function removeRole(state: State, gone: P.RoleDelete): void {
  delete state.roles[gone.id];
  for (const member of Object.values(state.members[gone.space_id] ?? {})) {
    if (member.roles.includes(gone.id)) member.roles = member.roles.filter((id) => id !== gone.id);
  }
  removeOverwrites(state, gone.space_id, "role", gone.id);
}

function removeMember(state: State, gone: P.MemberRemove): void {
  delete state.members[gone.space_id]?.[gone.user_id];
  removeOverwrites(state, gone.space_id, "member", gone.user_id);
  forgetStranger(state, gone.user_id);
}

function removeOverwrites(state: State, spaceId: P.SpaceId, kind: P.OverwriteTarget["kind"], id: string): void {
  const concerns = ({ target }: P.Overwrite): boolean => target.kind === kind && target.id === id;
  for (const channel of Object.values(state.channels)) {
    if (channel.space_id === spaceId && channel.overwrites.some(concerns)) channel.overwrites = channel.overwrites.filter((one) => !concerns(one));
  }
}

/** No presence comes any more of somebody with whom no space is shared. Their name stays, for what they wrote. */
function forgetStranger(state: State, id: P.UserId): void {
  if (!state.spaceIds.some((spaceId) => state.members[spaceId]?.[id])) delete state.presences[id];
}
