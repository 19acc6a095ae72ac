import { expect, test } from "vitest";
import { complete, completing, rank } from "./completion";

/** The text with `|` for the caret. */
function at(marked: string): ReturnType<typeof completing> {
  const caret = marked.indexOf("|");
  return completing(marked.replace("|", ""), caret);
}
const query = (marked: string): string | undefined => {
  const found = at(marked);
  return found === undefined ? undefined : found.sigil + found.query;
};

test.each([
  ["@|", "@"],
  ["hi @ma|", "@ma"],
  ["(@ma|rta", "@ma"],
  ["@Ann Ma|", "@Ann Ma"],
  ["#gen|", "#gen"],
  ["a\n#gen|", "#gen"],
  [":sm|", ":sm"],
  ["ok :+1|", ":+1"],
  ["**@m|**", "@m"],
  ["`a` @m|", "@m"],
  ["@here|", "@here"],
])("%s completes", (marked, expected) => {
  expect(query(marked)).toBe(expected);
});

test.each(["|", "a@b|", "mail me@|", "# |", "# title|", ":s|", ":)|", "10:30|", "a @ b|", "`@m|", "```\n@m|", "```\n@m|\n```", "`@m|`", "\\@m|", "https://a.b/#x|", "@m\n|", "@a  b|", "@one two three four five|", "<@1>|"])(
  "%s does not complete",
  (marked) => {
    expect(query(marked)).toBeUndefined();
  },
);

const people = [
  { names: ["Marta", "marta.k"], recency: 0 },
  { names: ["Émile Martin", "emile"], recency: 0 },
  { names: ["Tamara", "tam"], recency: 9 },
  { names: ["Mar", "zed"], recency: 0 },
  { names: ["Zoë", "mario"], recency: 0 },
];
const names = (wanted: string, most?: number): string[] => rank(wanted, people, most).map((candidate) => candidate.names[0]!);

test("the whole name is before its beginning, that before a word's beginning, that before the inside", () => {
  expect(names("mar")).toEqual(["Mar", "Marta", "Zoë", "Émile Martin", "Tamara"]);
});

test("accents and case do not matter", () => {
  expect(names("EMI")).toEqual(["Émile Martin"]);
  expect(names("zoe")).toEqual(["Zoë"]);
});

test("among equals the more recent is first", () => {
  expect(rank("ma", [{ names: ["Mara"], recency: 1 }, { names: ["Mark"], recency: 2 }]).map((each) => each.names[0])).toEqual(["Mark", "Mara"]);
});

test("without a query all are offered, the most recent first, as many as asked for", () => {
  expect(names("", 2)).toEqual(["Tamara", "Mar"]);
});

test("what is chosen takes the place of what was typed, with one space after it", () => {
  expect(complete("hi @ma and", { sigil: "@", query: "ma", start: 3, end: 6 }, "@Marta")).toEqual({ text: "hi @Marta and", caret: 10 });
  expect(complete("@ma", { sigil: "@", query: "ma", start: 0, end: 3 }, "@Marta")).toEqual({ text: "@Marta ", caret: 7 });
});
