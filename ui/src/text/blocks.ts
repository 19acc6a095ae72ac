import { C, isBlank, isDigit } from "./chars";
import { inline, type Range } from "./inline";
import type { Token } from "./scan";
import { BLOCK_DEPTH, type Block } from "./tree";

type Fence = Token & { type: "fence" };

/** A line of the source without what the blocks around it took off its front. A code block's lines are one line. */
interface Line extends Range {
  /** Where it begins after the last `>` that was taken off. */
  base: number;
  /** How many `>` were taken off. */
  quotes: number;
}

type Start =
  | { type: "blank" }
  | { type: "text" }
  | { type: "quote"; from: number }
  | { type: "rest"; from: number }
  | { type: "heading"; level: 1 | 2 | 3; from: number }
  | { type: "item"; ordered: boolean; number: number; from: number };

/** The blocks of a source. Takes time in its length. */
export function blocks(source: string, tokens: readonly Token[]): Block[] {
  return new Builder(source, tokens).build();
}

class Builder {
  private readonly fences: Fence[];

  constructor(
    private readonly source: string,
    private readonly tokens: readonly Token[],
  ) {
    this.fences = tokens.filter((token): token is Fence => token.type === "fence");
  }

  build(): Block[] {
    const lines: Line[] = [];
    let fence = 0;
    let from = 0;
    for (let at = 0; at <= this.source.length; at++) {
      // No code block begins where another ends: the closing run takes all backticks there are.
      if (this.fences[fence]?.start === at) at = this.fences[fence++]!.end;
      if (at < this.source.length && this.source.charCodeAt(at) !== C.newline) continue;
      lines.push({ from, to: at, base: from, quotes: 0 });
      from = at + 1;
    }
    return this.blocks(lines, 0);
  }

  private blocks(lines: readonly Line[], depth: number): Block[] {
    const out: Block[] = [];
    let i = 0;
    while (i < lines.length) {
      const line = lines[i]!;
      const start = this.start(line, depth);
      switch (start.type) {
        case "blank":
          i++;
          break;
        case "rest": {
          const inner = [quoted(line, start.from), ...lines.slice(i + 1)];
          out.push({ type: "quote", blocks: this.blocks(inner, depth + 1) });
          i = lines.length;
          break;
        }
        case "quote": {
          const inner: Line[] = [];
          for (; i < lines.length; i++) {
            const next = this.start(lines[i]!, depth);
            if (next.type !== "quote") break;
            inner.push(quoted(lines[i]!, next.from));
          }
          const quote = this.blocks(inner, depth + 1);
          if (quote.length > 0) out.push({ type: "quote", blocks: quote });
          else out.push({ type: "paragraph", children: inline(this.source, this.tokens, lines.slice(i - inner.length, i)) });
          break;
        }
        case "heading": {
          const fence = this.fenceFrom(start.from, line.to);
          const to = fence?.start ?? line.to;
          out.push({ type: "heading", level: start.level, children: inline(this.source, this.tokens, [{ from: start.from, to: this.trimEnd(start.from, to) }]) });
          if (fence !== undefined) this.text([{ ...line, from: fence.start }], out);
          i++;
          break;
        }
        case "item":
          i = this.list(lines, i, depth, out);
          break;
        case "text": {
          const from = i;
          do i++;
          while (i < lines.length && this.start(lines[i]!, depth).type === "text");
          this.text(lines.slice(from, i), out);
          break;
        }
      }
    }
    return out;
  }

  /** How the line begins. Beyond the depth that is shown, every line is text. */
  private start(line: Line, depth: number): Start {
    const { source } = this;
    const from = this.skipBlanks(line.from, line.to);
    if (from === line.to) return { type: "blank" };
    if (depth >= BLOCK_DEPTH) return { type: "text" };
    const c = source.charCodeAt(from);
    const spaceAt = (at: number): boolean => at < line.to && source.charCodeAt(at) === C.space;
    const filled = (at: number): boolean => spaceAt(at) && this.skipBlanks(at, line.to) < line.to;
    if (c === C.greater) {
      if (source.startsWith(">>> ", from) && filled(from + 3)) return { type: "rest", from: from + 4 };
      if (from + 1 === line.to) return { type: "quote", from: from + 1 };
      return spaceAt(from + 1) ? { type: "quote", from: from + 2 } : { type: "text" };
    }
    if (c === C.hash) {
      let end = from;
      while (source.charCodeAt(end) === C.hash) end++;
      const level = end - from;
      const at = this.skipBlanks(end, line.to);
      return filled(end) && (level === 1 || level === 2 || level === 3) && this.fenceFrom(at, at + 1) === undefined ? { type: "heading", level, from: at } : { type: "text" };
    }
    if (c === C.dash || c === C.star) return filled(from + 1) ? { type: "item", ordered: false, number: 0, from: from + 2 } : { type: "text" };
    let end = from;
    while (end - from < 9 && isDigit(source.charCodeAt(end))) end++;
    const mark = source.charCodeAt(end);
    return end > from && (mark === C.dot || mark === C.close) && filled(end + 1)
      ? { type: "item", ordered: true, number: Number(source.slice(from, end)), from: end + 2 }
      : { type: "text" };
  }

  /** Reads the list that begins at line `i`; answers the first line after it. */
  private list(lines: readonly Line[], i: number, depth: number, out: Block[]): number {
    const first = this.start(lines[i]!, depth) as Start & { type: "item" };
    const indent = this.indent(lines[i]!);
    const items: Line[][] = [];
    for (let blank = 0; i < lines.length; i++) {
      const line = lines[i]!;
      const start = this.start(line, depth);
      if (start.type === "blank") {
        blank++;
        continue;
      }
      const inside = items.length > 0 && this.indent(line) >= indent + 2;
      const sibling = !inside && start.type === "item" && start.ordered === first.ordered;
      if (!inside && !sibling) {
        i -= blank;
        break;
      }
      if (start.type === "item" && sibling) items.push([{ ...line, from: start.from }]);
      else items.at(-1)!.push(...lines.slice(i - blank, i), this.dedented(line, indent + 2));
      blank = 0;
    }
    out.push({ type: "list", ordered: first.ordered, start: first.number, items: items.map((item) => this.blocks(item, depth + 1)) });
    return Math.min(i, lines.length);
  }

  /** Paragraphs and code blocks. */
  private text(lines: readonly Line[], out: Block[]): void {
    let ranges: Range[] = [];
    const flush = (): void => {
      const last = ranges.at(-1);
      if (last !== undefined) last.to = this.trimEnd(last.from, last.to);
      if (ranges.some((range) => this.skipBlanks(range.from, range.to) < range.to)) out.push({ type: "paragraph", children: inline(this.source, this.tokens, ranges) });
      ranges = [];
    };
    for (const line of lines) {
      let from = line.from;
      for (let fence = this.fenceFrom(from, line.to); fence !== undefined; fence = this.fenceFrom(from, line.to)) {
        if (this.skipBlanks(from, fence.start) < fence.start) ranges.push({ from, to: fence.start });
        flush();
        out.push(this.codeBlock(fence, line));
        from = fence.end;
      }
      if (from === line.from || this.skipBlanks(from, line.to) < line.to) ranges.push({ from, to: line.to });
    }
    flush();
  }

  private codeBlock(fence: Fence, line: Line): Block & { type: "code_block" } {
    const alone = this.skipBlanks(line.from, fence.start) === fence.start;
    const [first = "", ...rest] = this.source.slice(fence.from, fence.to).split("\n");
    const named = rest.length > 0 && /^[\w+#.-]{1,20} *$/.test(first) ? first.trim().toLowerCase() : undefined;
    const below = unquoted(rest, line.quotes).map((code) => withoutIndent(code, (alone ? fence.start : line.from) - line.base));
    const hasText = below.some((code) => code.trim() !== "");
    const language = hasText ? named : undefined;
    const code = language !== undefined || first.trim() === "" ? below : [first, ...below];
    while (code.length > 1 && code.at(-1)!.trim() === "") code.pop();
    return { type: "code_block", language, text: code.join("\n") };
  }

  private fenceFrom(from: number, to: number): Fence | undefined {
    let low = 0;
    let high = this.fences.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.fences[middle]!.start < from) low = middle + 1;
      else high = middle;
    }
    const fence = this.fences[low];
    return fence !== undefined && fence.start < to ? fence : undefined;
  }

  private skipBlanks(at: number, to: number): number {
    while (at < to && isBlank(this.source.charCodeAt(at))) at++;
    return at;
  }

  private trimEnd(from: number, to: number): number {
    while (to > from && isBlank(this.source.charCodeAt(to - 1))) to--;
    return to;
  }

  private indent(line: Line): number {
    let width = 0;
    for (let at = line.from; at < line.to; at++) {
      const c = this.source.charCodeAt(at);
      if (c !== C.space && c !== C.tab) break;
      width += c === C.tab ? 4 : 1;
    }
    return width;
  }

  private dedented(line: Line, width: number): Line {
    let from = line.from;
    for (let w = 0; w < width; from++) w += this.source.charCodeAt(from) === C.tab ? 4 : 1;
    return { ...line, from };
  }
}

const quoted = (line: Line, from: number): Line => ({ from: Math.min(from, line.to), to: line.to, base: from, quotes: line.quotes + 1 });

/** The lines without as many `>` each; as they are where one has fewer. */
function unquoted(lines: readonly string[], quotes: number): readonly string[] {
  if (quotes === 0) return lines;
  const mark = new RegExp(`^(?: {0,3}> ?){${quotes}}`);
  return lines.every((line) => mark.test(line)) ? lines.map((line) => line.replace(mark, "")) : lines;
}

const withoutIndent = (line: string, width: number): string => line.slice(Math.min(width, line.length - line.trimStart().length));
