import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Rgba = [number, number, number, number];

const css = readFileSync("src/styles/tokens.css", "utf8");

/** The declarations of the block that begins with `selector`. */
function block(selector: string): Map<string, string> {
  const from = css.indexOf(`${selector} {\n`);
  const body = css.slice(from, css.indexOf("\n}", from));
  return new Map([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((match) => [match[1]!, match[2]!]));
}

function colorsIn(text: string): Rgba[] {
  return [...text.matchAll(/#([0-9a-f]{6})|rgba\(([^)]+)\)/g)].map((match) => {
    if (match[1]) return [0, 2, 4].map((at) => Number.parseInt(match[1]!.slice(at, at + 2), 16)).concat(1) as Rgba;
    return match[2]!.split(",").map(Number) as Rgba;
  });
}

/** Each `light-dark(a, b)` of a value, on one side. */
function side(value: string, dark: boolean): Rgba[] {
  const pairs = colorsIn(value);
  return value.includes("light-dark") ? pairs.filter((_, at) => at % 2 === Number(dark)) : pairs;
}

function over(top: Rgba, under: Rgba): Rgba {
  const mix = (at: 0 | 1 | 2) => top[at] * top[3] + under[at] * (1 - top[3]);
  return [mix(0), mix(1), mix(2), 1];
}

function luminance(color: Rgba): number {
  const [r, g, b] = color.slice(0, 3).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgba, b: Rgba): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const base = block(":root, [data-theme]");
const themes = { plain: base, translucent: new Map([...base, ...block('[data-theme="translucent"]')]) };

for (const [name, tokens] of Object.entries(themes)) {
  for (const dark of [false, true]) {
    const one = (token: string) => side(tokens.get(token)!, dark)[0]!;
    const backs = side(tokens.get("--back")!, dark);
    const grounds = ["--paper", "--panel", "--rail", "--raised"].flatMap((token) => backs.map((back) => ({ token, color: over(one(token), back) })));
    const tints = ["--hover", "--press", "--field", "--chosen", "--mention"];

    /** The least contrast of `ink` on every ground, bare and with `washes` over it. */
    const worst = (ink: string, washes: string[]) =>
      grounds
        .flatMap(({ token, color }) => [{ on: token, color }, ...washes.map((wash) => ({ on: `${wash} on ${token}`, color: over(one(wash), color) }))])
        .map(({ on, color }) => ({ on, ratio: contrast(one(ink), color) }))
        .reduce((a, b) => (a.ratio < b.ratio ? a : b));

    test(`${name} ${dark ? "dark" : "light"}: text is readable on every ground`, () => {
      for (const [ink, washes] of [
        ["--ink", tints],
        ["--ink2", tints],
        ["--ink3", ["--hover", "--field", "--mention"]],
        ["--accent-ink", tints],
        ["--danger-ink", ["--danger-back", "--hover"]],
        ["--good-ink", ["--good-back", "--hover"]],
        ["--warn-ink", ["--warn-back", "--hover"]],
      ] as const) {
        const found = worst(ink, [...washes]);
        expect(found.ratio, `${ink} on ${found.on}`).toBeGreaterThanOrEqual(4.5);
      }
    });

    test(`${name} ${dark ? "dark" : "light"}: words on a fill are readable`, () => {
      for (const [ink, fill] of [
        ["--on-accent", "--accent"],
        ["--on-accent", "--accent-strong"],
        ["--on-danger", "--danger"],
        ["--on-danger", "--danger-strong"],
        ...Array.from({ length: 12 }, (_, at) => ["--on-av", `--av-${at}`] as const),
      ] as const) {
        expect(contrast(one(ink), one(fill)), `${ink} on ${fill}`).toBeGreaterThanOrEqual(4.5);
      }
    });

    test(`${name} ${dark ? "dark" : "light"}: what has no words still stands out`, () => {
      for (const mark of ["--focus", "--online", "--idle", "--dnd", "--plot-0", "--plot-1", "--plot-2", "--plot-3"]) {
        const found = worst(mark, []);
        expect(found.ratio, `${mark} on ${found.on}`).toBeGreaterThanOrEqual(3);
      }
    });
  }
}
