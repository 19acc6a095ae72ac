import { C, isAlnum, isAsciiPunctuation, isBlank, isDigit } from "./chars";

/**
 * What is the same wherever it stands: code, escapes, addresses and mentions. They are found first, from left to
 * right, before blocks and emphasis, which only ever see what lies between them. So a mention is one or is none
 * whatever surrounds it, and the server (`server/src/messages/mentions.rs`) finds the same ones with this pass alone.
 *
 * - A run of three or more backticks opens a code block, closed by the next run at least as long. A run of one or two
 *   opens a code span, closed by the next run of that length on the same line. Without a close a run is text.
 * - A backslash before ASCII punctuation makes it text.
 * - `http://…`, `https://…` and `mailto:…` reach to the next blank, `<`, `>`, `"`, backtick, backslash, `||` or
 *   `](`, less trailing punctuation and brackets that it did not open. Not after a letter or digit.
 * - `](address)` and `](<address>)` end a link, whose `[` is found later.
 * - `<@1>`, `<@&1>`, `<#1>` with an identifier; `@everyone` and `@here` with no letter or digit beside them.
 *
 * `start` and `end` bound the whole token, `from` and `to` the code or the address in it.
 */
export type Token = { start: number; end: number } & (
  | { type: "code"; text: string }
  | { type: "fence"; from: number; to: number }
  | { type: "escape" }
  | { type: "address"; href: string; from: number; to: number }
  | { type: "link_end"; href: string; from: number; to: number }
  | { type: "user" | "role" | "channel"; id: string }
  | { type: "everyone" | "here" }
);

/** The tokens of `text`, in order. What is between them is plain text to this pass. Takes time in the length of `text`. */
export function scan(text: string): Token[] {
  return new Scanner(text).tokens();
}

/** A run of backticks, and where to look for its end. */
type Run = { at: number; length: number; next1: number; next2: number; longestAfter: number };

const LARGEST_ID = "9223372036854775807";

class Scanner {
  private readonly runs: Run[] = [];
  private run = 0;
  private lineEnd = -1;
  /** For each `(` its `)`, within a stretch that an address could be. Made when first needed. */
  private brackets: Map<number, number> | undefined;
  /** No `mailto:` before here can have an `@`. */
  private noMailBefore = 0;

  constructor(private readonly text: string) {
    for (let i = text.indexOf("`"); i >= 0 && i < text.length; i++) {
      if (text.charCodeAt(i) !== C.tick) continue;
      const at = i;
      while (text.charCodeAt(i) === C.tick) i++;
      this.runs.push({ at, length: i - at, next1: -1, next2: -1, longestAfter: 0 });
    }
    let next1 = -1;
    let next2 = -1;
    let longest = 0;
    for (let i = this.runs.length - 1; i >= 0; i--) {
      const run = this.runs[i]!;
      run.next1 = next1;
      run.next2 = next2;
      run.longestAfter = longest;
      if (run.length === 1) next1 = i;
      if (run.length === 2) next2 = i;
      longest = Math.max(longest, run.length);
    }
  }

  tokens(): Token[] {
    const { text } = this;
    const found: Token[] = [];
    let at = 0;
    while (at < text.length) {
      const token = this.tokenAt(at);
      if (token !== undefined) {
        found.push(token);
        at = token.end;
      } else {
        at = text.charCodeAt(at) === C.tick ? this.endOfRun(at) : at + 1;
      }
    }
    return found;
  }

  private tokenAt(at: number): Token | undefined {
    const { text } = this;
    switch (text.charCodeAt(at)) {
      case C.backslash:
        return isAsciiPunctuation(text.charCodeAt(at + 1)) ? { type: "escape", start: at, end: at + 2 } : undefined;
      case C.tick:
        return this.code(at);
      case C.less:
        return this.mention(at) ?? this.angled(at);
      case C.closeSquare:
        return this.linkEnd(at);
      case C.at:
        return this.broadcast(at);
      case 0x48: // H
      case 0x68: // h
      case 0x4d: // M
      case 0x6d: // m
        return this.bare(at);
      default:
        return undefined;
    }
  }

  private endOfRun(at: number): number {
    while (this.text.charCodeAt(at) === C.tick) at++;
    return at;
  }

  private code(at: number): Token | undefined {
    // An escape may have taken the first backticks of the run.
    while (this.runs[this.run]!.at + this.runs[this.run]!.length <= at) this.run++;
    const run = this.runs[this.run]!;
    const length = run.at + run.length - at;
    if (length >= 3) {
      if (run.longestAfter < length) return undefined;
      let close = this.run + 1;
      while (this.runs[close]!.length < length) close++;
      const end = this.runs[close]!;
      return { type: "fence", start: at, end: end.at + end.length, from: at + length, to: end.at };
    }
    const end = this.runs[length === 1 ? run.next1 : run.next2];
    if (end === undefined || end.at > this.endOfLine(at)) return undefined;
    return { type: "code", start: at, end: end.at + length, text: unpadded(this.text.slice(at + length, end.at)) };
  }

  private endOfLine(at: number): number {
    if (this.lineEnd < at) {
      const found = this.text.indexOf("\n", at);
      this.lineEnd = found < 0 ? this.text.length : found;
    }
    return this.lineEnd;
  }

  private mention(at: number): Token | undefined {
    const { text } = this;
    const first = text.charCodeAt(at + 1);
    if (first !== C.at && first !== C.hash) return undefined;
    const role = first === C.at && text.charCodeAt(at + 2) === C.amp;
    const from = at + (role ? 3 : 2);
    let to = from;
    while (to - from < 20 && isDigit(text.charCodeAt(to))) to++;
    const id = text.slice(from, to);
    if (text.charCodeAt(to) !== C.greater || !isId(id)) return undefined;
    return { type: first === C.hash ? "channel" : role ? "role" : "user", start: at, end: to + 1, id };
  }

  private broadcast(at: number): Token | undefined {
    const { text } = this;
    const type = text.startsWith("everyone", at + 1) ? "everyone" : text.startsWith("here", at + 1) ? "here" : undefined;
    if (type === undefined) return undefined;
    const end = at + 1 + type.length;
    // Underscores may be emphasis: what counts is beyond them.
    let before = at - 1;
    while (text.charCodeAt(before) === C.underscore) before--;
    let after = end;
    while (text.charCodeAt(after) === C.underscore) after++;
    return isAlnum(text.charCodeAt(before)) || isAlnum(text.charCodeAt(after)) ? undefined : { type, start: at, end };
  }

  private bare(at: number): Token | undefined {
    const { text } = this;
    if (isAlnum(text.charCodeAt(at - 1))) return undefined;
    const address = this.address(at, (from) => trimmed(text, at, this.stop(from)));
    return address === undefined ? undefined : { type: "address", start: at, end: address.to, ...address };
  }

  private angled(at: number): Token | undefined {
    const address = this.address(at + 1, (from) => this.stop(from));
    if (address === undefined || this.text.charCodeAt(address.to) !== C.greater) return undefined;
    return { type: "address", start: at, end: address.to + 1, ...address };
  }

  private linkEnd(at: number): Token | undefined {
    const { text } = this;
    if (text.charCodeAt(at + 1) !== C.open) return undefined;
    if (text.charCodeAt(at + 2) === C.less) {
      const inner = this.angled(at + 2);
      return inner?.type === "address" && text.charCodeAt(inner.end) === C.close ? { ...inner, type: "link_end", start: at, end: inner.end + 1 } : undefined;
    }
    const address = this.address(at + 2, () => this.closing(at + 1) ?? at + 2);
    return address === undefined ? undefined : { type: "link_end", start: at, end: address.to + 1, ...address };
  }

  /** The address from `at` to where `end` says, if it is one of a kind that may be followed. */
  private address(at: number, end: (afterScheme: number) => number): { href: string; from: number; to: number } | undefined {
    const { text } = this;
    const scheme = schemeAt(text, at);
    if (scheme === undefined) return undefined;
    const after = at + scheme.length;
    if (scheme === "mailto:") {
      if (at < this.noMailBefore) return undefined;
      const to = end(after);
      if (to > after && text.slice(after, to).includes("@")) return { href: text.slice(at, to), from: at, to };
      this.noMailBefore = Math.max(this.noMailBefore, to);
      return undefined;
    }
    const first = text.charCodeAt(after);
    if (!isAlnum(first) && first !== C.openSquare && !(first >= 0x80 && !isBlank(first))) return undefined;
    const to = end(after);
    return to > after ? { href: text.slice(at, to), from: at, to } : undefined;
  }

  /** Where no address goes on. */
  private stop(at: number): number {
    while (at < this.text.length && !stops(this.text, at)) at++;
    return at;
  }

  private closing(open: number): number | undefined {
    if (this.brackets === undefined) {
      this.brackets = new Map();
      let pending: number[] = [];
      for (let i = 0; i < this.text.length; i++) {
        const c = this.text.charCodeAt(i);
        if (c === C.open) pending.push(i);
        else if (c === C.close) {
          const from = pending.pop();
          if (from !== undefined) this.brackets.set(from, i);
        } else if (stops(this.text, i)) pending = [];
      }
    }
    return this.brackets.get(open);
  }
}

function stops(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (c === C.pipe) return text.charCodeAt(at + 1) === C.pipe;
  if (c === C.closeSquare) return text.charCodeAt(at + 1) === C.open;
  return isBlank(c) || c === C.less || c === C.greater || c === C.quote || c === C.tick || c === C.backslash;
}

function schemeAt(text: string, at: number): "http://" | "https://" | "mailto:" | undefined {
  const start = text.slice(at, at + 8).toLowerCase();
  if (start === "https://") return "https://";
  if (start.startsWith("http://")) return "http://";
  return start.startsWith("mailto:") ? "mailto:" : undefined;
}

const TRAILING = new Set([..."*_~|.,:;!?'"].map((c) => c.charCodeAt(0)));
const BRACKETS = new Map([[C.close, C.open], [C.closeSquare, C.openSquare], [C.closeBrace, C.openBrace]] as [number, number][]);
const OPENERS = new Set(BRACKETS.values());

/** Where the address from `start` to `end` ends without trailing punctuation and brackets that it did not open. */
function trimmed(text: string, start: number, end: number): number {
  const count = new Map<number, number>();
  for (let i = start; i < end; i++) {
    const c = text.charCodeAt(i);
    if (BRACKETS.has(c) || OPENERS.has(c)) count.set(c, (count.get(c) ?? 0) + 1);
  }
  for (; end > start; end--) {
    const c = text.charCodeAt(end - 1);
    const opener = BRACKETS.get(c);
    if (opener !== undefined && (count.get(c) ?? 0) > (count.get(opener) ?? 0)) count.set(c, count.get(c)! - 1);
    else if (!TRAILING.has(c)) break;
  }
  return end;
}

/** The form that the server writes: no leading zero, at most 2^63 - 1. */
function isId(id: string): boolean {
  return id.length > 0 && id.charCodeAt(0) !== C.zero && (id.length < LARGEST_ID.length || (id.length === LARGEST_ID.length && id <= LARGEST_ID));
}

/** One blank on both sides is room for a backtick, not content. */
function unpadded(code: string): string {
  return code.length > 2 && code.startsWith(" ") && code.endsWith(" ") && code.trim() !== "" ? code.slice(1, -1) : code;
}
