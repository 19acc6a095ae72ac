import { withoutTone } from "./tone";

/** What somebody did with emoji before: part of what is kept between visits. */
export interface EmojiMemory {
  /** A `Tone`. */
  tone: number;
  /** Those used last, without tone, the latest first. */
  recent: string[];
}

const MOST = 36;

export const NO_MEMORY: EmojiMemory = { tone: 0, recent: [] };

/** After `emoji` was used. */
export function used(memory: EmojiMemory, emoji: string): EmojiMemory {
  const bare = withoutTone(emoji);
  return { ...memory, recent: [bare, ...memory.recent.filter((other) => other !== bare)].slice(0, MOST) };
}

/** What to offer first, as reactions: those used last, filled up with what most people use. */
export function favourites(memory: EmojiMemory, count: number): string[] {
  return [...new Set([...memory.recent, "👍", "❤️", "😂", "🎉", "😮", "😢"])].slice(0, count);
}
