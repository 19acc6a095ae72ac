import { absurd } from "../absurd";
import type * as P from "../protocol/generated";
import type { MessageEvent } from "./apply-message";
import { compareIds, placeOf } from "./ids";
import type { History } from "./model";

/* What happens to one history. Each of these may be done twice without harm, so events that came while a page was on
 * its way can be applied once more after it. */

export function toHistory(history: History, event: MessageEvent): void {
  switch (event.t) {
    case "message_create":
    case "message_restore":
      return insert(history, event.d);
    case "message_update":
      if (history.messages[event.d.id]) history.messages[event.d.id] = event.d;
      return;
    case "message_delete":
      for (const id of event.d.ids) delete history.messages[id];
      history.ids = history.ids.filter((id) => history.messages[id]);
      return;
    case "reaction_add":
      return addReaction(history, event.d);
    case "reaction_remove":
      return removeReaction(history, event.d);
    default:
      return absurd(event);
  }
}

/** Puts a message to where it belongs, if that is within the part that is here. */
function insert(history: History, message: P.Message): void {
  if (history.messages[message.id]) {
    history.messages[message.id] = message;
    return;
  }
  const place = placeOf(history.ids, message.id);
  if ((place === 0 && history.hasBefore) || (place === history.ids.length && history.hasAfter)) return;
  history.messages[message.id] = message;
  history.ids = history.ids.toSpliced(place, 0, message.id);
}

function addReaction(history: History, change: P.ReactionChange): void {
  const message = history.messages[change.message_id];
  const reaction = message?.reactions.find((one) => one.emoji === change.emoji);
  if (!reaction) message?.reactions.push({ emoji: change.emoji, users: [change.user_id] });
  else if (!reaction.users.includes(change.user_id)) reaction.users.push(change.user_id);
}

function removeReaction(history: History, change: P.ReactionChange): void {
  const message = history.messages[change.message_id];
  const reaction = message?.reactions.find((one) => one.emoji === change.emoji);
  if (!message || !reaction) return;
  reaction.users = reaction.users.filter((id) => id !== change.user_id);
  if (reaction.users.length === 0) message.reactions = message.reactions.filter((one) => one.emoji !== change.emoji);
}

/** Which part of a channel was asked for. */
export type Part = { what: "newest" } | { what: "around"; id: P.MessageId } | { what: "before" } | { what: "after" };

/** Joins a page to what is here: `newest` and `around` replace it. */
export function join(history: History, part: Part, page: P.MessagePage): void {
  const incoming = page.messages.map((message) => message.id);
  switch (part.what) {
    case "newest":
    case "around":
      history.messages = {};
      history.ids = incoming;
      history.hasBefore = page.has_before;
      history.hasAfter = page.has_after;
      history.stale = false;
      history.part += 1;
      break;
    case "before":
      history.ids = [...incoming.filter((id) => !history.messages[id]), ...history.ids];
      history.hasBefore = page.has_before;
      break;
    case "after":
      history.ids = [...history.ids, ...incoming.filter((id) => !history.messages[id])];
      history.hasAfter = page.has_after;
      break;
    default:
      absurd(part);
  }
  for (const message of page.messages) history.messages[message.id] = message;
}

/** Forgets all but the newest `most` messages. */
export function trim(history: History, most: number): void {
  if (history.ids.length <= most) return;
  const kept = history.ids.slice(-most);
  history.messages = Object.fromEntries(kept.map((id) => [id, history.messages[id]!]));
  history.ids = kept;
  history.hasBefore = true;
}

/** The newest message of `authorId` that is here. */
export function newestOf(history: History, authorId: P.UserId): P.Message | undefined {
  const id = history.ids.findLast((one) => history.messages[one]?.author_id === authorId);
  return id === undefined ? undefined : history.messages[id];
}

export const isNewer = (a: P.MessageId, b: P.MessageId | null | undefined): boolean => b === null || b === undefined || compareIds(a, b) > 0;
