import { batch } from "solid-js";
import { createStore, produce, reconcile } from "solid-js/store";
import type { Lock } from "../backend/lock";
import { mark } from "../backend/random";
import { Refusal } from "../backend/refusal";
import type { Shelf } from "../backend/storage";
import type { Timer } from "../backend/timer";
import type { ChannelId, Message, MessageId, SendMessage } from "../protocol/generated";

/** A message on its way. Kept until the server has it, so that neither a reload nor a lost answer loses or doubles it. */
export interface Outgoing {
  /** Its mark: sending it again gives the message that is already there. */
  nonce: string;
  channelId: ChannelId;
  content: string;
  replyTo: MessageId | null;
  queuedAt: number;
  status: OutgoingStatus;
}

export type OutgoingStatus =
  | { at: "queued" }
  | { at: "sending" }
  /** `asked`: the server wants a pause. `lost`: it could not be reached. */
  | { at: "held"; until: number; why: "asked" | "lost" }
  /** Refused. It is sent again when its author says so. */
  | { at: "failed"; message: string; hint?: string | undefined };

export interface OutboxOptions {
  userId: string;
  send(channelId: ChannelId, body: SendMessage): Promise<Message>;
  /** The message is there. */
  sent(message: Message): void;
  shelf: Shelf;
  lock: Lock;
  timer: Timer;
  now(): number;
}

const SHORTEST_PAUSE_MS = 250;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A fault of the server may pass; one that does not must not hold up what comes after. */
const FAULTS_BORNE = 3;

/**
 * The queue of messages to send, one line per channel, in order. All tabs share it; a lock lets one of them at a time
 * send. What is refused steps aside and does not hold up the rest.
 */
export class Outbox {
  readonly #store = createStore<{ entries: Outgoing[] }>({ entries: [] });
  readonly #prefix: string;
  readonly #faults = new Map<string, number>();
  readonly #unwatch: () => void;
  #connected = false;
  #draining = false;
  #pause = FIRST_PAUSE_MS;
  #stopTimer: () => void = () => undefined;

  constructor(private readonly options: OutboxOptions) {
    this.#prefix = `snug.outbox.${options.userId}.`;
    this.#load();
    this.#unwatch = options.shelf.watch((key) => {
      if (!key.startsWith(this.#prefix)) return;
      this.#load();
      this.#drain();
    });
  }

  get entries(): readonly Outgoing[] {
    return this.#store[0].entries;
  }

  of(channelId: ChannelId): readonly Outgoing[] {
    return this.entries.filter((entry) => entry.channelId === channelId);
  }

  add(channelId: ChannelId, content: string, replyTo: MessageId | null): string {
    // Two in one millisecond, or a clock put back, must not change places.
    const queuedAt = Math.max(this.options.now(), ...this.entries.map((one) => one.queuedAt + 1));
    const entry: Outgoing = { nonce: mark(), channelId, content, replyTo, queuedAt, status: { at: "queued" } };
    this.#keep(entry);
    this.#store[1]("entries", (entries) => [...entries, entry]);
    this.#drain();
    return entry.nonce;
  }

  retry(nonce: string): void {
    this.#faults.delete(nonce);
    this.#status(nonce, { at: "queued" });
    this.#drain();
  }

  discard(nonce: string): void {
    this.#faults.delete(nonce);
    this.options.shelf.remove(this.#prefix + nonce);
    this.#store[1]("entries", (entries) => entries.filter((entry) => entry.nonce !== nonce));
  }

  /** The gateway told of the message before the answer came. */
  acknowledge(nonce: string): void {
    if (this.entries.some((entry) => entry.nonce === nonce)) this.discard(nonce);
  }

  connected(connected: boolean): void {
    this.#connected = connected;
    this.#pause = FIRST_PAUSE_MS;
    if (!connected) return;
    for (const entry of this.entries) if (entry.status.at === "held" && entry.status.why === "lost") this.#status(entry.nonce, { at: "queued" });
    this.#drain();
  }

  dispose(): void {
    this.#connected = false;
    this.#stopTimer();
    this.#unwatch();
  }

  /** Forgets everything, for a log-out. */
  clear(): void {
    for (const nonce of this.entries.map((entry) => entry.nonce)) this.discard(nonce);
  }

  #drain(): void {
    if (this.#draining || !this.#connected || !this.#next()) return;
    this.#draining = true;
    this.#stopTimer();
    void this.options
      .lock("outbox", async () => {
        this.#load();
        const channels = new Set(this.entries.map((entry) => entry.channelId));
        await Promise.all([...channels].map((channel) => this.#drainChannel(channel)));
      })
      .finally(() => {
        this.#draining = false;
        this.#later();
      });
  }

  /** Sends what waits in one channel, until it is empty or must wait. */
  async #drainChannel(channelId: ChannelId): Promise<void> {
    for (;;) {
      const entry = this.#connected ? this.#next(channelId) : undefined;
      if (!entry) return;
      this.#status(entry.nonce, { at: "sending" });
      try {
        const body: SendMessage = { content: entry.content, nonce: entry.nonce };
        if (entry.replyTo !== null) body.reply_to = entry.replyTo;
        const message = await this.options.send(channelId, body);
        this.#pause = FIRST_PAUSE_MS;
        batch(() => {
          this.options.sent(message);
          this.discard(entry.nonce);
        });
      } catch (thrown) {
        this.#refused(entry.nonce, Refusal.from(thrown));
      }
    }
  }

  #refused(nonce: string, refusal: Refusal): void {
    // It had arrived, and was deleted since: there is nothing left to send.
    if (refusal.code === "conflict" && refusal.field === "nonce") return this.discard(nonce);
    const faults = (this.#faults.get(nonce) ?? 0) + 1;
    if (refusal.code === "internal") this.#faults.set(nonce, faults);
    // Whoever logs in again goes on where this log-in ended.
    const passing = refusal.passing || refusal.code === "session_ended" || refusal.code === "unauthorized";
    if (!passing && !(refusal.code === "internal" && faults < FAULTS_BORNE)) {
      return this.#status(nonce, { at: "failed", message: refusal.message, hint: refusal.hint });
    }
    const asked = refusal.retryAfterMs !== undefined;
    const wait = asked ? Math.max(refusal.retryAfterMs, SHORTEST_PAUSE_MS) : this.#pause;
    if (!asked) this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
    this.#status(nonce, { at: "held", until: this.options.now() + wait, why: asked ? "asked" : "lost" });
  }

  /** The next to send: the first of its channel that has not failed, if it need not wait. */
  #next(channelId?: ChannelId): Outgoing | undefined {
    const waiting = new Set<ChannelId>();
    return this.entries.find((entry) => {
      if (entry.status.at === "failed" || waiting.has(entry.channelId)) return false;
      if (channelId !== undefined && entry.channelId !== channelId) return false;
      waiting.add(entry.channelId);
      return entry.status.at === "queued" || (entry.status.at === "held" && entry.status.until <= this.options.now());
    });
  }

  #later(): void {
    if (!this.#connected) return;
    if (this.#next()) return this.#drain();
    const times = this.entries.flatMap((entry) => (entry.status.at === "held" ? [entry.status.until] : []));
    if (times.length > 0) this.#stopTimer = this.options.timer(Math.max(0, Math.min(...times) - this.options.now()), () => this.#drain());
  }

  #status(nonce: string, status: OutgoingStatus): void {
    this.#store[1](
      "entries",
      (entry) => entry.nonce === nonce,
      produce((entry) => {
        entry.status = status;
        if (status.at === "failed" || status.at === "queued") this.#keep(entry);
      }),
    );
  }

  #keep(entry: Outgoing): void {
    this.options.shelf.set(this.#prefix + entry.nonce, JSON.stringify(entry));
  }

  /** Takes over what is kept: by an earlier visit, or by another tab. */
  #load(): void {
    const present = new Map(this.entries.map((entry) => [entry.nonce, entry]));
    const entries = this.options.shelf
      .keys()
      .filter((key) => key.startsWith(this.#prefix))
      .flatMap((key) => clean(this.options.shelf.get(key)))
      .map((entry) => ({ ...entry, status: entry.status.at === "failed" ? entry.status : under(present.get(entry.nonce)?.status) }))
      .sort((a, b) => a.queuedAt - b.queuedAt);
    this.#store[1]("entries", reconcile(entries, { key: "nonce" }));
  }
}

/** What this tab is doing with an entry that is not kept as failed. */
function under(status: OutgoingStatus | undefined): OutgoingStatus {
  return status && status.at !== "failed" ? status : { at: "queued" };
}

/** A kept entry as it was, or nothing where it is not one. What was being sent is queued again. */
function clean(text: string | null): Outgoing[] {
  try {
    const found = JSON.parse(text ?? "null") as Partial<Outgoing> | null;
    if (typeof found?.nonce !== "string" || typeof found.channelId !== "string" || typeof found.content !== "string") return [];
    const status: OutgoingStatus = found.status?.at === "failed" ? found.status : { at: "queued" };
    return [{ nonce: found.nonce, channelId: found.channelId, content: found.content, replyTo: found.replyTo ?? null, queuedAt: Number(found.queuedAt) || 0, status }];
  } catch {
    return [];
  }
}
