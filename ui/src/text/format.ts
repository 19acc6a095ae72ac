/** A text with a selection, as a text field has it. `start` and `end` are equal where only the caret is. */
export interface Selection {
  text: string;
  start: number;
  end: number;
}

export type Format = "bold" | "italic" | "underline" | "strike" | "code" | "spoiler";

const MARK: Record<Format, string> = { bold: "**", italic: "*", underline: "__", strike: "~~", code: "`", spoiler: "||" };

/**
 * Puts the marks of a format around the selection, or takes them away if they are there, inside or around. The same
 * words stay selected. Blanks at the ends stay outside, where marks would mean nothing. Several lines of code become
 * a code block.
 */
export function toggle(format: Format, from: Selection): Selection {
  const selection = withoutBlankEnds(from);
  const { text, start, end } = selection;
  if (format === "code" && text.slice(start, end).includes("\n")) return toggleBlock(selection);
  const mark = MARK[format];
  const inner = text.slice(start, end);
  if (inner.length >= 2 * mark.length && isMarked(mark, inner, mark.length, inner.length - mark.length)) {
    return replaced(selection, start, end, inner.slice(mark.length, -mark.length), 0, 0);
  }
  if (isMarked(mark, text, start, end)) return replaced(selection, start - mark.length, end + mark.length, inner, 0, 0);
  return replaced(selection, start, end, mark + inner + mark, mark.length, mark.length);
}

/** Whether `mark` stands around the stretch, and not as part of a longer one: `**a**` is not italic, `***a***` is both. */
function isMarked(mark: string, text: string, from: number, to: number): boolean {
  const c = mark.charAt(0);
  let before = 0;
  while (text.charAt(from - 1 - before) === c) before++;
  let after = 0;
  while (text.charAt(to + after) === c) after++;
  const around = Math.min(before, after);
  if (mark === "*") return around === 1 || around === 3;
  return around >= mark.length;
}

function toggleBlock(selection: Selection): Selection {
  const { text, start, end } = selection;
  const before = start > 0 && text.charAt(start - 1) !== "\n" ? "\n" : "";
  const after = end < text.length && text.charAt(end) !== "\n" ? "\n" : "";
  const inner = text.slice(start, end);
  const fenced = /^```[^\n`]*\n([^]*)\n```$/.exec(inner);
  if (fenced !== null) return replaced(selection, start, end, fenced[1]!, 0, 0);
  return replaced(selection, start, end, `${before}\`\`\`\n${inner}\n\`\`\`${after}`, before.length + 4, after.length + 4);
}

/** Replaces a stretch; what is between `lead` and `trail` is selected. */
function replaced(selection: Selection, from: number, to: number, by: string, lead: number, trail: number): Selection {
  return { text: selection.text.slice(0, from) + by + selection.text.slice(to), start: from + lead, end: from + by.length - trail };
}

function withoutBlankEnds(selection: Selection): Selection {
  const inner = selection.text.slice(selection.start, selection.end);
  if (inner.trim() === "") return { ...selection, end: selection.start };
  return { ...selection, start: selection.start + inner.length - inner.trimStart().length, end: selection.end - inner.length + inner.trimEnd().length };
}
