import type { Message, MessageId, UserId } from "../../protocol/generated";
import { compareIds, createdAt } from "../../state/ids";
import type { Outgoing } from "../../state/outbox";
import { dayOf } from "../../text/dates";

/** Messages of one author are one group while they follow each other within this time. */
export const GROUP_MS = 7 * 60_000;

/** What is shown around a message. */
export interface Row {
  /** Begins a group: shows who and when. */
  head: boolean;
  /** Begins a day, which is named above it. */
  day: boolean;
  /** The first that is new. */
  fresh: boolean;
}

/** The rows of a list. A key is a message's identifier, or the mark of one on its way with a `+` before it. */
export interface Rows {
  keys: string[];
  of: Map<string, Row>;
  /** The key of the first new message. */
  fresh: string | null;
  /** Whether all that changed since the rows before is that some came in front: the place in the list is kept from its end. */
  shift: boolean;
}

export const EMPTY: Rows = { keys: [], of: new Map(), fresh: null, shift: false };

export interface RowsInput {
  ids: readonly MessageId[];
  messages: Readonly<Record<MessageId, Message>>;
  outgoing: readonly Outgoing[];
  /** Whether the history goes up to now: only then comes what is on its way. */
  present: boolean;
  /** The last message that was read when one came; nothing where all was. */
  readUpTo: MessageId | null;
  me: UserId;
}

const outgoingKey = (nonce: string): string => `+${nonce}`;
export const nonceOf = (key: string): string | null => (key.startsWith("+") ? key.slice(1) : null);

/** What the list shows. Pure, and quick for thousands: it runs at every message that comes. */
export function buildRows(input: RowsInput, before: Rows): Rows {
  const keys: string[] = [];
  const of = new Map<string, Row>();
  let fresh: string | null = null;
  let last: { author: UserId; at: number; day: number } | null = null;
  const put = (key: string, author: UserId, at: number, answers: boolean, isFresh: boolean): void => {
    const day = dayOf(at);
    const newDay = last === null || day !== last.day;
    const head = newDay || isFresh || answers || last!.author !== author || at - last!.at > GROUP_MS;
    keys.push(key);
    of.set(key, { head, day: newDay, fresh: isFresh });
    last = { author, at, day };
  };
  for (const id of input.ids) {
    const message = input.messages[id];
    if (!message) continue;
    const isFresh = fresh === null && input.readUpTo !== null && message.author_id !== input.me && compareIds(id, input.readUpTo) > 0;
    if (isFresh) fresh = id;
    put(id, message.author_id, createdAt(id), message.reply_to !== null, isFresh);
  }
  if (input.present && input.outgoing.length > 0) {
    const there = new Set(input.ids.slice(-100).map((id) => input.messages[id]?.nonce));
    for (const entry of input.outgoing) if (!there.has(entry.nonce)) put(outgoingKey(entry.nonce), input.me, entry.queuedAt, entry.replyTo !== null, false);
  }
  return { keys, of, fresh, shift: cameInFront(before.keys, keys) };
}

function cameInFront(before: readonly string[], now: readonly string[]): boolean {
  const more = now.length - before.length;
  return before.length > 0 && more > 0 && now[more] === before[0] && now.at(-1) === before.at(-1);
}
