import fc from "fast-check";
import { expect, test } from "vitest";
import { toggle, type Format } from "./format";

/** A text with its selection in `[…]`, or `|` for a caret. */
function read(marked: string): { text: string; start: number; end: number } {
  if (marked.includes("|")) return { text: marked.replace("|", ""), start: marked.indexOf("|"), end: marked.indexOf("|") };
  return { text: marked.replace(/[[\]]/g, ""), start: marked.indexOf("["), end: marked.indexOf("]") - 1 };
}
function toggled(format: Format, marked: string): string {
  const { text, start, end } = toggle(format, read(marked));
  return start === end ? `${text.slice(0, start)}|${text.slice(start)}` : `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`;
}

test.each<[Format, string, string]>([
  ["bold", "a [b] c", "a **[b]** c"],
  ["bold", "a **[b]** c", "a [b] c"],
  ["bold", "a [**b**] c", "a [b] c"],
  ["italic", "a **[b]** c", "a ***[b]*** c"],
  ["italic", "***[b]***", "**[b]**"],
  ["bold", "***[b]***", "*[b]*"],
  ["italic", "[*b*]", "[b]"],
  ["underline", "[b]", "__[b]__"],
  ["strike", "~~[b]~~", "[b]"],
  ["bold", "a[ b ]c", "a **[b]** c"],
  ["bold", "a | c", "a **|** c"],
  ["bold", "a **|** c", "a | c"],
  ["code", "a [b] c", "a `[b]` c"],
  ["code", "x [a\nb]\ny", "x \n```\n[a\nb]\n```\ny"],
  ["code", "[```js\na\nb\n```]", "[a\nb]"],
])("%s of %j gives %j", (format, from, to) => {
  expect(toggled(format, from)).toBe(to);
});

test("a format that is put on and taken off leaves the text as it was", () => {
  fc.assert(
    fc.property(fc.constantFrom<Format>("bold", "italic", "underline", "strike", "code"), fc.string({ unit: fc.constantFrom("a", "b", " ") }), fc.nat(9), fc.nat(9), (format, text, a, b) => {
      const start = Math.min(a, b, text.length);
      const end = Math.min(Math.max(a, b), text.length);
      expect(toggle(format, toggle(format, { text, start, end })).text).toBe(text);
    }),
  );
});
