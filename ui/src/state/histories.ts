import { untrack } from "solid-js";
import { produce, type SetStoreFunction } from "solid-js/store";
import type { Api } from "../backend/api";
import { Refusal } from "../backend/refusal";
import type { ChannelId, MessageId, MessagePage, User } from "../protocol/generated";
import { isMessageEvent, type MessageEvent } from "./apply-message";
import type { Event } from "../backend/gateway";
import { join, type Part, toHistory, trim } from "./history";
import { emptyHistory, type History, type HistoryStatus, type State } from "./model";

const PAGE = 100;
/** How much of a channel is kept after leaving it, and of how many channels. */
const KEPT_MESSAGES = 100;
const KEPT_CHANNELS = 10;

/** Fetches the parts of histories that are looked at. */
export class Histories {
  /** Events that came while a page was on its way. */
  readonly #meanwhile = new Map<ChannelId, MessageEvent[]>();
  readonly #asked = new Map<ChannelId, symbol>();
  #recent: ChannelId[] = [];
  #open: ChannelId | null = null;

  constructor(
    private readonly api: Pick<Api["messages"], "list">,
    private readonly state: State,
    private readonly set: SetStoreFunction<State>,
  ) {}

  /** Somebody looks at a channel. */
  open(id: ChannelId): void {
    this.#open = id;
    this.#recent = [...this.#recent.filter((one) => one !== id), id];
    const history = untrack(() => this.state.histories[id]);
    if (!history || history.status.at === "new" || history.status.at === "failed") void this.load(id, { what: "newest" });
  }

  /** They look away. */
  close(id: ChannelId): void {
    if (this.#open === id) this.#open = null;
    const dropped = this.#recent.length > KEPT_CHANNELS ? this.#recent.shift() : undefined;
    this.set(
      produce((state) => {
        const history = state.histories[id];
        if (history?.hasAfter || history?.status.at === "failed") delete state.histories[id];
        else if (history) trim(history, KEPT_MESSAGES);
        if (dropped !== undefined) delete state.histories[dropped];
      }),
    );
  }

  /** A fresh `ready` came: what is open may be out of date, the rest is forgotten. */
  refreshed(state: State): void {
    for (const id of Object.keys(state.histories)) {
      if (id === this.#open) state.histories[id]!.stale = true;
      else delete state.histories[id];
    }
  }

  event(event: Event): void {
    if (isMessageEvent(event)) this.#meanwhile.get(event.d.channel_id)?.push(event);
  }

  async load(id: ChannelId, part: Part): Promise<void> {
    const history = untrack(() => this.state.histories[id]);
    const extends_ = part.what === "before" || part.what === "after";
    if (extends_ && (!history || history.status.at === "loading")) return;
    const asked = Symbol(part.what);
    this.#asked.set(id, asked);
    this.#meanwhile.set(id, []);
    this.#status(id, { at: "loading", what: extends_ ? part.what : "page" });
    try {
      const page = await this.api.list(id, query(part, history?.ids ?? []));
      if (this.#asked.get(id) !== asked) return;
      this.set(produce((state) => this.#join(state, id, part, page)));
    } catch (thrown) {
      if (this.#asked.get(id) !== asked) return;
      const refusal = Refusal.from(thrown);
      this.#status(id, { at: "failed", what: extends_ ? part.what : "page", message: refusal.message, hint: refusal.hint });
    }
    this.#asked.delete(id);
    this.#meanwhile.delete(id);
  }

  #join(state: State, id: ChannelId, part: Part, page: MessagePage): void {
    if (!state.channels[id]) return;
    const history = (state.histories[id] ??= emptyHistory());
    for (const user of page.users) if (!sharesSpace(state, user)) state.users[user.id] = user;
    join(history, part, page);
    history.status = { at: "loaded" };
    for (const event of this.#meanwhile.get(id) ?? []) toHistory(history, event);
  }

  #status(id: ChannelId, status: HistoryStatus): void {
    this.set(
      produce((state) => {
        const history: History = (state.histories[id] ??= emptyHistory());
        history.status = status;
      }),
    );
  }
}

function query(part: Part, ids: readonly MessageId[]): Parameters<Api["messages"]["list"]>[1] {
  const first = ids[0];
  const last = ids.at(-1);
  if (part.what === "around") return { around: part.id, limit: PAGE };
  if (part.what === "before" && first !== undefined) return { before: first, limit: PAGE };
  if (part.what === "after" && last !== undefined) return { after: last, limit: PAGE };
  return { limit: PAGE };
}

/** Of those one shares a space with, every change is told; what a page says of others is the best there is. */
function sharesSpace(state: State, user: User): boolean {
  return state.spaceIds.some((space) => state.members[space]?.[user.id]);
}
