import { Session, type Profiler } from "node:inspector";
import { expect, test } from "vitest";
import { parse } from "./markdown";

/*
 * Time is no measure on a busy machine, so V8 counts how often each block of the parser's code runs. Four times the
 * input may take four times the steps. What one step does is bounded: the built-in functions that are called with
 * more than a few characters (slice, indexOf for a line's end) get each character a bounded number of times.
 */
const session = new Session();
session.connect();
const post = (method: "Profiler.enable" | "Profiler.startPreciseCoverage" | "Profiler.takePreciseCoverage", params: object = {}): object => {
  let answer: object = {};
  session.post(method, params, (error, result) => {
    if (error !== null) throw error;
    answer = result ?? {};
  });
  return answer;
};
post("Profiler.enable");
post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

function steps(source: string): number {
  post("Profiler.takePreciseCoverage");
  parse(source);
  const { result } = post("Profiler.takePreciseCoverage") as Profiler.TakePreciseCoverageReturnType;
  return result
    .filter((script) => /\/src\/text\/\w+\.ts$/.test(script.url) && !script.url.includes("test"))
    .flatMap((script) => script.functions.flatMap((each) => each.ranges))
    .reduce((sum, range) => sum + range.count, 0);
}

const fill = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
const around = (open: string, middle: string, close: string, length: number): string => {
  const n = Math.floor((length - middle.length) / (open.length + close.length));
  return open.repeat(n) + middle + close.repeat(n);
};
/** Runs of backticks of every length, falling. */
const falling = (length: number): string => {
  let out = "";
  for (let n = Math.floor(Math.sqrt(2 * length)) - 2; n > 0; n--) out += `${"`".repeat(n)} `;
  return out.slice(0, length);
};

const nasty: [string, (length: number) => string][] = [
  ...["a", "字", "😀", "*", "_", "~", "|", "`", "[", "]", "<", ">", "\\", "\n", " ", "#", "-", "(", ")", ":", "@", "h", "1"].map((unit): [string, (length: number) => string] => [unit, (n) => fill(unit, n)]),
  ...[
    "*a ", "_a ", "**a ", "*a_b", "*a **b ", "~~a ", "||a", "|| ", "|| a", "a** b", "*[", "[a](", "[a", "](", "](https://a", "](<https://a", "](mailto:", "](mailto:(", "<https://a", "<mailto:a",
    "https://", "https://a ", "https://a.", "https://a)", "https://a((", "mailto:", "mailto:a", "mailto:a@ ", "<@1", "<@1>", "<@", "@everyone", "_@here", "`a", "``a`", "``` ", "```a\n", "`\n", "\\`", "\\`` ",
    "> ", "> a\n", "> > > > > > a\n", ">\n", ">>> ", ">>> a\n", "- ", "- a\n", "- a\n\n", "  - a\n", "1. a\n", "# a\n", "# ", "# ```", " \n", "a\n\n", "\u{1f3f4}\u{e0067}", "\u{1f468}\u200d", "1\ufe0f", "*\ufe0f", "\u{1f1e9}",
  ].map((unit): [string, (length: number) => string] => [unit, (n) => fill(unit, n)]),
  ["nested emphasis", (n) => around("*a **b ", "x", " b** a*", n)],
  ["nested brackets", (n) => around("[a ", "x", "](https://a.b)", n)],
  ["nested parentheses", (n) => `[a](https://a${around("(", "x", ")", n - 14)}`],
  ["nested mail", (n) => around("](mailto:(", "x", ")", n)],
  ["open then close", (n) => around("*a", " ", "a*", n)],
  ["underlined opens, then closes", (n) => around("_*~~||", "x", "||~~*_", n)],
  ["many opens, one close", (n) => `${fill("*a _b ~~c ", n - 2)}x*`],
  ["falling backticks", falling],
  ["deeper and deeper lists", (n) => Array.from({ length: Math.floor(Math.sqrt(n)) }, (_, i) => `${"  ".repeat(i)}- a`).join("\n").slice(0, n)],
  ["list with far blanks", (n) => `- a\n${fill("\n", n - 8)}  b`],
  ["spaces in a code block", (n) => `\`\`\`\n${fill(" \n", n - 10)}a\n\`\`\``],
  ["quotes in a code block", (n) => `> \`\`\`\n${fill("> a\n", n - 10)}> \`\`\``],
];

test.each(nasty)("steps grow with the length and no faster: %j", (_, source) => {
  const small = source(1_000);
  const large = source(4_000);
  // Once unmeasured: what is compiled or made on first use is not counted.
  parse(small);
  // What the engine compiles anew meanwhile is counted, too: the lesser of two has none of it.
  const perCharacter = (text: string): number => Math.min(steps(text), steps(text)) / text.length;
  expect(perCharacter(large)).toBeLessThan(1.3 * perCharacter(small) + 2);
  expect(perCharacter(large)).toBeLessThan(100);
});
