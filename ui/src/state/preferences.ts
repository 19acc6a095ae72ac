import { createStore, reconcile, type SetStoreFunction, unwrap } from "solid-js/store";
import { kept, type Shelf } from "../backend/storage";
import type { ChannelId, SpaceId, UserId } from "../protocol/generated";
import { TALK_MODES, type InputSettings } from "../backend/voice/engine";
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
  voice: VoicePreferences;
  /** How others sound here, but for those who sound as they come. */
  volumes: Record<UserId, PersonVolume>;
}

export interface VoicePreferences extends InputSettings {
  output: string | null;
  /** All who are heard are brought to one loudness. */
  even: boolean;
  /** The key of push to talk, as `KeyboardEvent.code`. */
  key: string;
  /** Whether sounds tell of coming, going and being muted. */
  cues: boolean;
  muted: boolean;
  deafened: boolean;
}

export interface PersonVolume {
  /** 0 to {@link LOUDEST}. */
  volume: number;
  muted: boolean;
}

/** How much louder than it comes a voice can be made. */
export const LOUDEST = 2;
/** Between what thresholds one can choose, in dBFS. */
export const THRESHOLD = { min: -80, max: -10, usual: -50 } as const;

/** `notices`: whether the system's notifications are used unless somebody says otherwise. */
export function cleanPreferences(found: unknown, notices = false): Preferences {
  const raw = record(found);
  const notify = record(raw["notify"]);
  return {
    theme: oneOf(THEMES, raw["theme"], "system"),
    textSize: oneOf(TEXT_SIZES, raw["textSize"], "m"),
    density: oneOf(DENSITIES, raw["density"], "comfortable"),
    notify: { about: oneOf(NOTIFY_ABOUT, notify["about"], "mentions"), desktop: typeof notify["desktop"] === "boolean" ? notify["desktop"] : notices, sound: notify["sound"] !== false },
    membersOpen: raw["membersOpen"] !== false,
    folded: mapOf(raw["folded"], (value): value is boolean => value === true),
    lastChannel: mapOf(raw["lastChannel"], (value): value is string => typeof value === "string"),
    lastSpace: typeof raw["lastSpace"] === "string" ? raw["lastSpace"] : null,
    emoji: cleanMemory(raw["emoji"]),
    voice: cleanVoice(record(raw["voice"])),
    volumes: Object.fromEntries(Object.entries(record(raw["volumes"])).map(([id, found]) => [id, cleanVolume(record(found))])),
  };
}

function cleanVoice(raw: Record<string, unknown>): VoicePreferences {
  const text = (found: unknown): string | null => (typeof found === "string" && found !== "" ? found : null);
  return {
    device: text(raw["device"]),
    output: text(raw["output"]),
    mode: oneOf(TALK_MODES, raw["mode"], "activity"),
    threshold: between(raw["threshold"], THRESHOLD.min, THRESHOLD.max, THRESHOLD.usual),
    key: text(raw["key"]) ?? "Backquote",
    echo: raw["echo"] !== false,
    noise: raw["noise"] !== false,
    gain: raw["gain"] !== false,
    even: raw["even"] !== false,
    cues: raw["cues"] !== false,
    muted: raw["muted"] === true,
    deafened: raw["deafened"] === true,
  };
}

const cleanVolume = (raw: Record<string, unknown>): PersonVolume => ({ volume: between(raw["volume"], 0, LOUDEST, 1), muted: raw["muted"] === true });

const KEY = "snug.preferences";

/** The preferences as a store. `set` writes them down; what another tab or account sets appears here too, and then `changed` is called. */
export function createPreferences(shelf: Shelf, notices = false, changed: () => void = () => undefined): [Preferences, SetStoreFunction<Preferences>, () => void] {
  const keeper = kept(shelf, KEY, (found) => cleanPreferences(found, notices));
  const [preferences, set] = createStore(keeper.read());
  const setAndKeep = ((...args: unknown[]) => {
    (set as (...args: unknown[]) => void)(...args);
    keeper.write(unwrap(preferences));
  }) as SetStoreFunction<Preferences>;
  const unwatch = shelf.watch((key) => {
    if (key !== KEY) return;
    set(reconcile(keeper.read()));
    changed();
  });
  return [preferences, setAndKeep, unwatch];
}

const record = (found: unknown): Record<string, unknown> => (typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {});

function oneOf<const T extends readonly unknown[]>(all: T, found: unknown, otherwise: T[number]): T[number] {
  return all.includes(found) ? (found as T[number]) : otherwise;
}

const between = (found: unknown, least: number, most: number, otherwise: number): number =>
  typeof found === "number" && Number.isFinite(found) ? Math.min(most, Math.max(least, found)) : otherwise;

function mapOf<T>(found: unknown, valid: (value: unknown) => value is T): Record<string, T> {
  return Object.fromEntries(Object.entries(record(found)).filter((pair): pair is [string, T] => valid(pair[1])));
}
