import { createStore, reconcile, type SetStoreFunction, unwrap } from "solid-js/store";
import { kept, type Shelf } from "../backend/storage";
import type { ChannelId, SpaceId } from "../protocol/generated";
import { cleanMemory, type EmojiMemory } from "../text/emoji/recents";

export const THEMES = ["system", "light", "dark", "translucent"] as const;
export type Theme = (typeof THEMES)[number];

export const NOTIFY_ABOUT = ["everything", "mentions", "nothing"] as const;
export type NotifyAbout = (typeof NOTIFY_ABOUT)[number];

export const TEXT_SIZES = ["s", "m", "l", "xl"] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

export const DENSITIES = ["comfortable", "compact"] as const;
export type Density = (typeof DENSITIES)[number];

/** What is set on this device, for whoever uses it. */
export interface Preferences {
  theme: Theme;
  textSize: TextSize;
  density: Density;
  notify: {
    /** What to tell of while one looks elsewhere. */
    about: NotifyAbout;
    /** By the system's notifications. */
    desktop: boolean;
    /** With a sound. */
    sound: boolean;
  };
  /** Whether the list of members stands beside the messages. */
  membersOpen: boolean;
  /** Categories that are folded. */
  folded: Record<ChannelId, boolean>;
  /** Where one was last in each space. */
  lastChannel: Record<SpaceId, ChannelId>;
  lastSpace: SpaceId | null;
  emoji: EmojiMemory;
}

export function cleanPreferences(found: unknown): Preferences {
  const raw = record(found);
  const notify = record(raw["notify"]);
  return {
    theme: oneOf(THEMES, raw["theme"], "system"),
    textSize: oneOf(TEXT_SIZES, raw["textSize"], "m"),
    density: oneOf(DENSITIES, raw["density"], "comfortable"),
    notify: { about: oneOf(NOTIFY_ABOUT, notify["about"], "mentions"), desktop: notify["desktop"] === true, sound: notify["sound"] !== false },
    membersOpen: raw["membersOpen"] !== false,
    folded: mapOf(raw["folded"], (value): value is boolean => value === true),
    lastChannel: mapOf(raw["lastChannel"], (value): value is string => typeof value === "string"),
    lastSpace: typeof raw["lastSpace"] === "string" ? raw["lastSpace"] : null,
    emoji: cleanMemory(raw["emoji"]),
  };
}

const KEY = "snug.preferences";

/** The preferences as a store. `set` writes them down; what another tab sets appears here too. */
export function createPreferences(shelf: Shelf): [Preferences, SetStoreFunction<Preferences>] {
  const keeper = kept(shelf, KEY, cleanPreferences);
  const [preferences, set] = createStore(keeper.read());
  const setAndKeep = ((...args: unknown[]) => {
    (set as (...args: unknown[]) => void)(...args);
    keeper.write(unwrap(preferences));
  }) as SetStoreFunction<Preferences>;
  shelf.watch((key) => {
    if (key === KEY) set(reconcile(keeper.read()));
  });
  return [preferences, setAndKeep];
}

const record = (found: unknown): Record<string, unknown> => (typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {});

function oneOf<const T extends readonly unknown[]>(all: T, found: unknown, otherwise: T[number]): T[number] {
  return all.includes(found) ? (found as T[number]) : otherwise;
}

function mapOf<T>(found: unknown, valid: (value: unknown) => value is T): Record<string, T> {
  return Object.fromEntries(Object.entries(record(found)).filter((pair): pair is [string, T] => valid(pair[1])));
}
