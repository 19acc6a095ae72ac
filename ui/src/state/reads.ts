import { untrack } from "solid-js";
import { produce, type SetStoreFunction } from "solid-js/store";
import type { Api } from "../backend/api";
import { Refusal } from "../backend/refusal";
import type { Timer } from "../backend/timer";
import type { ChannelId, MessageId } from "../protocol/generated";
import { mentionsMe, MOST_UNREAD } from "./apply-message";
import { isNewer } from "./history";
import { compareIds, idBefore } from "./ids";
import type { State } from "./model";

/** Reading fast through channels makes one request each, not one a message. */
const PAUSE_MS = 400;

export interface ReadsOptions {
  markRead: Api["channels"]["markRead"];
  state: State;
  set: SetStoreFunction<State>;
  timer: Timer;
}

/** Says what was read, here at once and to the server soon. */
export class Reads {
  readonly #due = new Map<ChannelId, MessageId>();
  /** Marked unread by hand: stays so until one leaves the channel. */
  readonly #held = new Set<ChannelId>();
  #timer: (() => void) | null = null;

  constructor(private readonly options: ReadsOptions) {}

  /** Everything up to `messageId` was seen. */
  seen(channelId: ChannelId, messageId: MessageId): void {
    if (this.#held.has(channelId)) return;
    const read = untrack(() => this.options.state.readStates[channelId]);
    if (read && !isNewer(messageId, read.last_read_id) && read.unread === 0) return;
    this.#mark(channelId, messageId, 0, 0);
  }

  /** This message, and what comes after it, is to be read again. */
  markUnread(channelId: ChannelId, messageId: MessageId): void {
    this.#held.add(channelId);
    const { unread, mentions } = untrack(() => this.#count(channelId, messageId));
    this.#mark(channelId, idBefore(messageId), unread, mentions);
  }

  /** One leaves the channel, or writes in it: reading counts again. */
  release(channelId: ChannelId): void {
    this.#held.delete(channelId);
  }

  /** The connection is back: say what could not be said. */
  flush(): void {
    this.#timer?.();
    this.#timer = null;
    for (const [channelId, messageId] of this.#due) {
      // A channel that is gone cannot be read any more.
      if (untrack(() => this.options.state.channels[channelId])) void this.#tell(channelId, messageId);
      else this.#due.delete(channelId);
    }
  }

  #mark(channelId: ChannelId, messageId: MessageId, unread: number, mentions: number): void {
    this.options.set(
      produce((state) => {
        state.readStates[channelId] = { channel_id: channelId, last_read_id: messageId, unread, mentions };
      }),
    );
    this.#due.set(channelId, messageId);
    this.#timer ??= this.options.timer(PAUSE_MS, () => {
      this.#timer = null;
      this.flush();
    });
  }

  async #tell(channelId: ChannelId, messageId: MessageId): Promise<void> {
    try {
      await this.options.markRead(channelId, { message_id: messageId });
    } catch (thrown) {
      // Kept for the next connection; anything else would be refused again.
      if (Refusal.from(thrown).passing) return;
    }
    if (this.#due.get(channelId) === messageId) this.#due.delete(channelId);
  }

  #count(channelId: ChannelId, from: MessageId): { unread: number; mentions: number } {
    const { state } = this.options;
    const messages = Object.values(state.histories[channelId]?.messages ?? {}).filter((one) => compareIds(one.id, from) >= 0 && one.author_id !== state.account?.id);
    const most = (count: number): number => Math.min(count, MOST_UNREAD);
    return { unread: most(messages.length), mentions: most(messages.filter((one) => mentionsMe(state, one)).length) };
  }
}
