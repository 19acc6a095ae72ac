import { fit, fold } from "../fold";
import type { Emoji } from "./data";

const folded = new WeakMap<Emoji, { name: string; tags: string[] }>();
function foldedOf(emoji: Emoji): { name: string; tags: string[] } {
  let found = folded.get(emoji);
  if (found === undefined) {
    found = { name: fold(emoji.name), tags: emoji.tags.map(fold) };
    folded.set(emoji, found);
  }
  return found;
}

/**
 * The emoji for a query, best first: by shortcode, then by name, then by tag, each whole, from its beginning, from the
 * beginning of a word, or inside. Several words must all be found. Among equals those used of late come first, then
 * the order of Unicode, which begins with faces.
 */
export function searchEmoji(query: string, all: readonly Emoji[], most: number, recents: readonly string[] = []): Emoji[] {
  const words = fold(query.trim().replace(/^:|:$/g, "")).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const used = new Map(recents.map((emoji, i) => [emoji, i]));
  const found: { emoji: Emoji; score: number; used: number; order: number }[] = [];
  all.forEach((emoji, order) => {
    let score = 0;
    for (const word of words) {
      const best = scoreOf(word, emoji);
      if (best === undefined) return;
      score += best;
    }
    found.push({ emoji, score, used: used.get(emoji.emoji) ?? Infinity, order });
  });
  found.sort((a, b) => a.score - b.score || (a.used === b.used ? 0 : a.used - b.used) || a.order - b.order);
  return found.slice(0, most).map(({ emoji }) => emoji);
}

function scoreOf(word: string, emoji: Emoji): number | undefined {
  const { name, tags } = foldedOf(emoji);
  let best = Infinity;
  emoji.codes.forEach((code, i) => {
    const found = fit(word, code);
    if (found !== undefined) best = Math.min(best, found * 10 + Math.min(i, 4));
  });
  const inName = fit(word, name);
  if (inName !== undefined) best = Math.min(best, inName * 10 + 5);
  for (const tag of tags) {
    const found = fit(word, tag);
    if (found !== undefined) best = Math.min(best, found * 10 + 17);
  }
  return best === Infinity ? undefined : best;
}
