import { createStore, produce } from "solid-js/store";
import type { Shelf } from "../backend/storage";
import type { ChannelId, MessageId } from "../protocol/generated";

/** What somebody has typed and not sent, as it is shown: with names where mentions will be. */
export interface Draft {
  text: string;
  replyTo: MessageId | null;
}

/** A message that is being edited, and its text so far. */
export interface Edit {
  messageId: MessageId;
  text: string;
}

/** Typed text, one draft and at most one edit per channel, written down at every change. */
export class Drafts {
  readonly #store = createStore<{ drafts: Record<ChannelId, Draft>; edits: Record<ChannelId, Edit> }>({ drafts: {}, edits: {} });
  readonly #prefix: string;
  readonly #editPrefix: string;

  constructor(
    userId: string,
    private readonly shelf: Shelf,
  ) {
    this.#prefix = `snug.draft.${userId}.`;
    this.#editPrefix = `snug.edit.${userId}.`;
    for (const key of shelf.keys()) {
      if (key.startsWith(this.#prefix)) this.#put("drafts", key.slice(this.#prefix.length), cleanDraft(parse(shelf.get(key))));
      if (key.startsWith(this.#editPrefix)) this.#put("edits", key.slice(this.#editPrefix.length), cleanEdit(parse(shelf.get(key))));
    }
  }

  draft(id: ChannelId): Draft {
    return this.#store[0].drafts[id] ?? emptyDraft();
  }

  /** Channels with something unsent. */
  has(id: ChannelId): boolean {
    return (this.#store[0].drafts[id]?.text ?? "").trim() !== "";
  }

  edit(id: ChannelId): Edit | undefined {
    return this.#store[0].edits[id];
  }

  setDraft(id: ChannelId, change: Partial<Draft>): void {
    const draft = { ...this.draft(id), ...change };
    const empty = draft.text === "" && draft.replyTo === null;
    this.#write(this.#prefix + id, empty ? null : draft);
    this.#put("drafts", id, empty ? null : draft);
  }

  setEdit(id: ChannelId, edit: Edit | null): void {
    this.#write(this.#editPrefix + id, edit);
    this.#put("edits", id, edit);
  }

  /** Forgets everything, for a log-out. */
  clear(): void {
    for (const key of this.shelf.keys()) if (key.startsWith(this.#prefix) || key.startsWith(this.#editPrefix)) this.shelf.remove(key);
    this.#store[1]({ drafts: {}, edits: {} });
  }

  #write(key: string, value: Draft | Edit | null): void {
    if (value === null) this.shelf.remove(key);
    else this.shelf.set(key, JSON.stringify(value));
  }

  #put<K extends "drafts" | "edits">(kind: K, id: ChannelId, value: (K extends "drafts" ? Draft : Edit) | null): void {
    this.#store[1](
      produce((store) => {
        const map = store[kind] as Record<ChannelId, Draft | Edit>;
        if (value === null) delete map[id];
        else map[id] = value;
      }),
    );
  }
}

export const emptyDraft = (): Draft => ({ text: "", replyTo: null });

function parse(text: string | null): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text ?? "null");
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function cleanDraft(found: Record<string, unknown>): Draft | null {
  if (typeof found["text"] !== "string") return null;
  return { text: found["text"], replyTo: typeof found["replyTo"] === "string" ? found["replyTo"] : null };
}

function cleanEdit(found: Record<string, unknown>): Edit | null {
  if (typeof found["text"] !== "string" || typeof found["messageId"] !== "string") return null;
  return { messageId: found["messageId"], text: found["text"] };
}
