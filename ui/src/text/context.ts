import { createContext, useContext } from "solid-js";
import type { Names } from "./plain";

/** A name to show, in a colour of its own. */
export interface Named {
  name: string;
  color?: string | undefined;
}

/** What the renderer knows of the world. All are read reactively, and may be asked at any time. */
export interface Mentions {
  /** The person with this identifier; nothing for one that is not known here. */
  resolveUser(id: string): Named | undefined;
  resolveRole(id: string): Named | undefined;
  resolveChannel(id: string): Named | undefined;
  /** Whether a mention is of oneself, which stands out. */
  isMe?(kind: "user" | "role", id: string): boolean;
  /** Somebody chose a mention. `anchor` is where a card about it may stand. Without these a mention is text. */
  onUser?(id: string, anchor: HTMLElement): void;
  onRole?(id: string, anchor: HTMLElement): void;
  onChannel?(id: string, anchor: HTMLElement): void;
}

export const NOBODY: Mentions = { resolveUser: () => undefined, resolveRole: () => undefined, resolveChannel: () => undefined };

export const MentionsContext = createContext<Mentions>(NOBODY);
export const useMentions = (): Mentions => useContext(MentionsContext);

/** The same names, for `plain` and `preview`. */
export const namesOf = (mentions: Mentions): Names => ({
  user: (id) => mentions.resolveUser(id)?.name,
  role: (id) => mentions.resolveRole(id)?.name,
  channel: (id) => mentions.resolveChannel(id)?.name,
});
