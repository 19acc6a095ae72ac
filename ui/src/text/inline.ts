import { C, isBlank, isWord } from "./chars";
import { emojiAt } from "./emoji/match";
import type { Token } from "./scan";
import { append, INLINE_DEPTH, type Inline } from "./tree";

/** A stretch of the source, within one line. */
export interface Range {
  from: number;
  to: number;
}

type Mark = "*" | "_" | "~~" | "||" | "[";
/** A run of marks that may open or close emphasis. */
interface Run {
  mark: Mark;
  length: number;
  opens: boolean;
  closes: boolean;
}
type LinkEnd = Token & { type: "link_end" };
type Piece = { node: Inline } | { run: Run } | { linkEnd: LinkEnd; opener: Run | undefined };

/** What an open mark has collected so far. */
interface Frame {
  run: Run;
  /** Marks of the run that are not used up. */
  left: number;
  children: Inline[];
  /** Whether something is inside that must not be inside a link: a link, a mention, a spoiler. */
  active: boolean;
}

/** The content of a paragraph or heading. `tokens` are those of the whole source. Takes time in the length of the ranges. */
export function inline(source: string, tokens: readonly Token[], ranges: readonly Range[]): Inline[] {
  return new Nesting(source, pieces(source, tokens, ranges)).result();
}

/** The emphasis rules: CommonMark's, with a bound on the open marks, so that each step is bounded too. */
class Nesting {
  private readonly root: Inline[] = [];
  private readonly frames: Frame[] = [];
  /** How many runs are still to come that could close. */
  private readonly closers: Record<Mark, number> = { "*": 0, _: 0, "~~": 0, "||": 0, "[": 0 };

  constructor(
    private readonly source: string,
    private readonly pieces: readonly Piece[],
  ) {
    for (const piece of pieces) if ("run" in piece && piece.run.closes) this.closers[piece.run.mark]++;
  }

  result(): Inline[] {
    for (const piece of this.pieces) {
      if ("node" in piece) this.add(piece.node);
      else if ("run" in piece) this.run(piece.run);
      else this.link(piece.linkEnd, piece.opener);
    }
    this.flatten(0);
    return this.root;
  }

  private add(node: Inline): void {
    const frame = this.frames.at(-1);
    append(frame?.children ?? this.root, node);
    if (frame !== undefined && isActive(node)) frame.active = true;
  }

  private run(run: Run): void {
    if (run.closes) this.closers[run.mark]--;
    let left = run.length;
    while (run.closes && left > 0) {
      const at = this.frames.findLastIndex((frame) => frame.run.mark === "[" || pairs(frame.run, run));
      const frame = this.frames[at];
      if (frame === undefined || frame.run.mark === "[") break;
      if (run.mark === "||" && at === this.frames.length - 1 && isEmpty(frame.children)) {
        this.flatten(at);
        break;
      }
      this.flatten(at + 1);
      const used = run.mark === "||" || run.mark === "~~" || (left >= 2 && frame.left >= 2) ? 2 : 1;
      const node: Inline = { type: emphasis(run.mark, used), children: frame.children };
      left -= used;
      frame.left -= used;
      if (frame.left === 0) {
        this.frames.pop();
        this.add(node);
        if (frame.active) this.activate();
      } else {
        frame.children = [node];
      }
    }
    if (left > 0) this.open(run, left);
  }

  private open(run: Run, left: number): void {
    const depth = this.frames.reduce((sum, frame) => sum + levels(frame.run.mark, frame.left), 0);
    const mayClose = run.mark === "[" || this.closers[run.mark] > 0;
    if (run.opens && mayClose && depth + levels(run.mark, left) <= INLINE_DEPTH) {
      this.frames.push({ run, left, children: [], active: false });
    } else {
      this.add({ type: "text", text: marks(run.mark, left) });
    }
  }

  private link(end: LinkEnd, opener: Run | undefined): void {
    const at = this.frames.findLastIndex((frame) => frame.run === opener);
    const frame = this.frames[at];
    if (frame !== undefined) {
      this.flatten(at + 1);
      if (!frame.active && frame.children.some((node) => node.type !== "text" || node.text.trim() !== "")) {
        this.frames.pop();
        this.add({ type: "link", href: end.href, bare: false, children: frame.children });
        return;
      }
      this.flatten(at);
    }
    this.add({ type: "text", text: this.source.slice(end.start, end.from) });
    this.add(bareLink(end.href));
    this.add({ type: "text", text: this.source.slice(end.to, end.end) });
  }

  /** Makes text of the marks from the frame `at` on, which nothing closed. */
  private flatten(at: number): void {
    for (const frame of this.frames.splice(at)) {
      this.add({ type: "text", text: marks(frame.run.mark, frame.left) });
      for (const node of frame.children) this.add(node);
      if (frame.active) this.activate();
    }
  }

  private activate(): void {
    const frame = this.frames.at(-1);
    if (frame !== undefined) frame.active = true;
  }
}

const isActive = (node: Inline): boolean =>
  node.type === "link" || node.type === "spoiler" || node.type === "user" || node.type === "role" || node.type === "channel";

const bareLink = (href: string): Inline => ({ type: "link", href, bare: true, children: [{ type: "text", text: href }] });

/** How many levels so many marks can become. */
const levels = (mark: Mark, length: number): number => (mark === "*" || mark === "_" ? length : 1);

const marks = (mark: Mark, length: number): string => (mark === "*" || mark === "_" ? mark.repeat(length) : mark);

function emphasis(mark: Mark, used: number): "bold" | "italic" | "underline" | "strike" | "spoiler" {
  if (mark === "||") return "spoiler";
  if (mark === "~~") return "strike";
  if (used === 1) return "italic";
  return mark === "*" ? "bold" : "underline";
}

/** CommonMark's rules 9 and 10: `**a*b**` is bold, with a star inside. */
function pairs(opener: Run, closer: Run): boolean {
  if (opener.mark !== closer.mark) return false;
  if (opener.mark === "||" || !(opener.closes || closer.opens)) return true;
  return (opener.length + closer.length) % 3 !== 0 || (opener.length % 3 === 0 && closer.length % 3 === 0);
}

const isEmpty = (children: readonly Inline[]): boolean => children.every((node) => node.type === "text" && node.text.trim() === "");

function pieces(source: string, tokens: readonly Token[], ranges: readonly Range[]): Piece[] {
  const out: Piece[] = [];
  const brackets: Run[] = [];
  let text = "";
  const flush = (): void => {
    if (text !== "") out.push({ node: { type: "text", text } });
    text = "";
  };
  const put = (piece: Piece): void => {
    flush();
    out.push(piece);
  };
  ranges.forEach((range, index) => {
    if (index > 0) text += "\n";
    let next = firstFrom(tokens, range.from);
    let at = range.from;
    while (at < range.to) {
      const token = tokens[next];
      if (token !== undefined && token.start === at) {
        if (token.type === "escape") text += isShrug(source, at) ? source.slice(at, token.end) : source.charAt(at + 1);
        else if (token.type === "link_end") put({ linkEnd: token, opener: opened(brackets.pop()) });
        else put({ node: leaf(token) });
        at = token.end;
        next++;
        continue;
      }
      const emoji = emojiAt(source, at);
      if (emoji > 0) {
        put({ node: { type: "emoji", emoji: source.slice(at, at + emoji) } });
        at += emoji;
        continue;
      }
      const end = Math.min(range.to, token?.start ?? range.to);
      const run = runAt(source, at, range.from, end);
      if (run === undefined) text += source.charAt(at++);
      else if (run.length > 0) {
        put({ run });
        if (run.mark === "[") brackets.push(run);
        at += run.mark.length === 2 ? 2 : run.length;
      } else {
        const from = at;
        const c = source.charCodeAt(at);
        while (at < end && source.charCodeAt(at) === c) at++;
        text += source.slice(from, at);
      }
    }
  });
  flush();
  return out;
}

/** The run of marks at `at`; one of length 0 where the marks are too many or too few to mean anything. */
function runAt(source: string, at: number, from: number, to: number): Run | undefined {
  const c = source.charCodeAt(at);
  if (c === C.openSquare) return { mark: "[", length: 1, opens: false, closes: false };
  if (c !== C.star && c !== C.underscore && c !== C.tilde && c !== C.pipe) return undefined;
  if (c === C.pipe) return source.charCodeAt(at + 1) === c ? { mark: "||", length: 2, opens: true, closes: true } : undefined;
  let end = at;
  while (end < to && source.charCodeAt(end) === c) end++;
  const length = end - at;
  const mark = c === C.star ? "*" : c === C.underscore ? "_" : "~~";
  if (c === C.tilde ? length !== 2 : length > 3) return { mark, length: 0, opens: false, closes: false };
  const before = at > from ? source.charCodeAt(at - 1) : C.space;
  const after = source.charCodeAt(end);
  const inWord = c === C.underscore;
  const opens = !isBlank(after) && !Number.isNaN(after) && !(inWord && isWord(before)) && !(isWord(before) && ENDING.has(after));
  const closes = !isBlank(before) && !(inWord && isWord(after)) && !(isWord(after) && BEGINNING.has(before));
  return { mark, length, opens, closes };
}

/** What never begins emphasis after a word: the star of `a*, b*` is a footnote's. */
const ENDING = new Set([...".,:;!?)]}"].map((c) => c.charCodeAt(0)));
const BEGINNING = new Set([..."([{"].map((c) => c.charCodeAt(0)));

/** Only a bracket with an end opens. */
function opened(bracket: Run | undefined): Run | undefined {
  if (bracket !== undefined) bracket.opens = true;
  return bracket;
}

function leaf(token: Exclude<Token, { type: "escape" | "link_end" }>): Inline {
  switch (token.type) {
    case "code":
      return { type: "code", text: token.text };
    case "address":
      return bareLink(token.href);
    case "user":
    case "role":
    case "channel":
      return { type: token.type, id: token.id };
    case "everyone":
    case "here":
      return { type: token.type };
    case "fence":
      throw new Error("a code block is split off before");
  }
}

/** The first token that begins at or after `at`. */
function firstFrom(tokens: readonly Token[], at: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.start < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The one backslash that everybody means. */
const isShrug = (source: string, at: number): boolean => source.charAt(at - 1) === "¯" && source.startsWith("\\_(ツ)_/¯", at);
