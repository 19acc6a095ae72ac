import { TONES, withoutTone, type Tone } from "./tone";

/** What somebody did with emoji before: kept between visits. */
export interface EmojiMemory {
  tone: Tone;
  /** Those used last, without tone, the latest first. */
  recents: readonly string[];
}

const MOST = 36;

export const NO_MEMORY: EmojiMemory = { tone: 0, recents: [] };

/** After `emoji` was used. */
export function used(memory: EmojiMemory, emoji: string): EmojiMemory {
  const bare = withoutTone(emoji);
  return { ...memory, recents: [bare, ...memory.recents.filter((other) => other !== bare)].slice(0, MOST) };
}

/** What to offer first, as reactions: those used last, filled up with what most people use. */
export function favourites(memory: EmojiMemory, count: number): string[] {
  return [...new Set([...memory.recents, "👍", "❤️", "😂", "🎉", "😮", "😢"])].slice(0, count);
}

/** Makes a memory of whatever was kept: older, newer, or broken. */
export function cleanMemory(found: unknown): EmojiMemory {
  if (typeof found !== "object" || found === null) return NO_MEMORY;
  const { tone, recents } = found as { tone?: unknown; recents?: unknown };
  return {
    tone: TONES.find((each) => each.tone === tone)?.tone ?? 0,
    recents: Array.isArray(recents) ? [...new Set(recents.filter((each): each is string => typeof each === "string" && each.length > 0 && each.length <= 64))].slice(0, MOST) : [],
  };
}
