import { isAlnum } from "./chars";
import { fit, fold } from "./fold";
import { scan } from "./scan";

/** What can be completed: after `@` people and roles, after `#` channels, after `:` emoji. */
export type Sigil = "@" | "#" | ":";

/** The word being completed: `text.slice(start, end)` is the sigil and the query. */
export interface Completing {
  sigil: Sigil;
  query: string;
  start: number;
  end: number;
}

/** Something to choose. */
export interface Candidate {
  /** What the query is compared with, the most important first: display name, username… */
  names: readonly string[];
  /** When it was last used or seen, or how often; the larger the earlier. */
  recency?: number;
}

const LONGEST_QUERY = 40;
/** Emoji are offered from this many characters on, so that `:)` and `:D` stay what they are. */
const EMOJI_QUERY = 2;

/** What is being completed at the caret, if anything is. Never inside code or an address. */
export function completing(text: string, caret: number): Completing | undefined {
  const before = text.slice(0, caret);
  const line = before.lastIndexOf("\n") + 1;
  for (let at = caret - 1; at >= Math.max(line, caret - LONGEST_QUERY - 1); at--) {
    const sigil = before.charAt(at);
    if (sigil !== "@" && sigil !== "#" && sigil !== ":") continue;
    const query = before.slice(at + 1);
    if (!isQuery(sigil, query) || isAlnum(before.charCodeAt(at - 1))) continue;
    return isLiteral(before, at) ? undefined : { sigil, query, start: at, end: caret };
  }
  return undefined;
}

/** Names may have spaces, but the first character is none, so that "# title" and "a @ b" are left alone. */
function isQuery(sigil: Sigil, query: string): boolean {
  if (sigil === ":") return query.length >= EMOJI_QUERY && /^[\p{L}\p{N}_+-]+$/u.test(query);
  return !/^\s/.test(query) && !/\s\s|[@#`<>]/.test(query) && query.split(" ").length <= 4;
}

/** Whether `at` is in something that has no meaning inside, or is in what would be code if it were closed here. */
function isLiteral(before: string, at: number): boolean {
  return ["", "`", "``", "\n```"].some((close) =>
    scan(before + close).some((token) => token.start <= at && at < token.end && token.type !== "everyone" && token.type !== "here"),
  );
}

/**
 * The candidates that fit, best first: whole, beginning, beginning of a word, inside; among equals the more recent,
 * then the shorter, then by name. Without a query all fit.
 */
export function rank<T extends Candidate>(query: string, candidates: readonly T[], most = 8): T[] {
  const wanted = fold(query.trim());
  const fits: { candidate: T; score: number; name: string }[] = [];
  for (const candidate of candidates) {
    let best: number | undefined;
    candidate.names.forEach((name, i) => {
      const found = wanted === "" ? 1 : fit(wanted, folded(name));
      // A later name that fits as well is a little less.
      if (found !== undefined) best = Math.min(best ?? Infinity, found + Math.min(i, 9) / 10);
    });
    if (best !== undefined) fits.push({ candidate, score: best, name: candidate.names[0] ?? "" });
  }
  const level = (score: number): number => Math.floor(score);
  fits.sort(
    (a, b) =>
      level(a.score) - level(b.score) ||
      (b.candidate.recency ?? 0) - (a.candidate.recency ?? 0) ||
      a.score - b.score ||
      a.name.length - b.name.length ||
      (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
  return fits.slice(0, most).map(({ candidate }) => candidate);
}

const MOST_FOLDED = 20_000;
const foldedNames = new Map<string, string>();

/** Folding is most of the work when thousands are compared at every key, and names seldom change. */
function folded(name: string): string {
  let found = foldedNames.get(name);
  if (found === undefined) {
    if (foldedNames.size >= MOST_FOLDED) foldedNames.clear();
    found = fold(name);
    foldedNames.set(name, found);
  }
  return found;
}

/** The text with what is being completed replaced, and a space after it. */
export function complete(text: string, what: Completing, by: string): { text: string; caret: number } {
  const after = text.slice(what.end);
  const space = /^\s/.test(after) ? "" : " ";
  return { text: text.slice(0, what.start) + by + space + after, caret: what.start + by.length + 1 };
}
