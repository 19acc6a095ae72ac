import type { Event } from "../backend/gateway";
import type * as P from "../protocol/generated";
import { compareIds } from "./ids";
import { toHistory } from "./history";
import type { State } from "./model";

/** Where counting unread messages stops. */
export const MOST_UNREAD = 100;

/** What happens to the messages of one channel. */
export type MessageEvent = Extract<Event, { t: `message_${string}` | `reaction_${string}` }>;

export function isMessageEvent(event: Event): event is MessageEvent {
  return event.t.startsWith("message_") || event.t.startsWith("reaction_");
}

export function applyMessageEvent(state: State, event: MessageEvent): void {
  const history = state.histories[event.d.channel_id];
  if (event.t === "message_create") {
    const channel = state.channels[event.d.channel_id];
    if (channel && (channel.last_message_id === null || compareIds(channel.last_message_id, event.d.id) < 0)) channel.last_message_id = event.d.id;
    delete state.typing[event.d.channel_id]?.[event.d.author_id];
  }
  if (event.t === "message_create" || event.t === "message_restore") countUnread(state, event.d, 1);
  if (event.t === "message_delete") {
    for (const id of event.d.ids) {
      const message = history?.messages[id];
      if (message) countUnread(state, message, -1);
    }
  }
  if (history && history.status.at !== "new") toHistory(history, event);
}

/** Whether a message mentions the reader. */
export function mentionsMe(state: State, message: P.Message): boolean {
  const me = state.account?.id;
  if (me === undefined || message.author_id === me) return false;
  if (message.mentions.everyone || message.mentions.users.includes(me)) return true;
  const space = state.channels[message.channel_id]?.space_id;
  const roles = space === undefined ? [] : (state.members[space]?.[me]?.roles ?? []);
  return message.mentions.roles.some((role) => roles.includes(role));
}

function countUnread(state: State, message: P.Message, by: 1 | -1): void {
  if (message.author_id === state.account?.id) return;
  const read = (state.readStates[message.channel_id] ??= { channel_id: message.channel_id, last_read_id: null, unread: 0, mentions: 0 });
  if (read.last_read_id !== null && compareIds(message.id, read.last_read_id) <= 0) return;
  const count = (now: number): number => Math.min(Math.max(now + by, 0), MOST_UNREAD);
  read.unread = count(read.unread);
  if (mentionsMe(state, message)) read.mentions = count(read.mentions);
}
