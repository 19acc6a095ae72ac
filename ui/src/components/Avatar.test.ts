import { expect, test } from "vitest";
import { colorOf, initials } from "./Avatar";

/** Identifiers of a server's first friends: made within moments, so almost alike. */
const ids = (step: bigint) => Array.from({ length: 1_200 }, (_, at) => String(249838705114611714n + BigInt(at) * step));

test("identifiers made close together get colours that differ", () => {
  for (const step of [1n, 4_096n, 1n << 22n, 1_000n << 22n]) {
    const counts = new Map<string, number>();
    for (const id of ids(step)) counts.set(colorOf(id), (counts.get(colorOf(id)) ?? 0) + 1);
    expect(counts.size).toBe(12);
    for (const [color, count] of counts) expect(count, `${color} at steps of ${step}`).toBeLessThan(140);
  }
});

test("a name's initials are those of its first and last word", () => {
  expect(["Ilse", "Ilse van Berg", "jonas.two", "", "🫖 Tea"].map(initials)).toEqual(["Il", "IB", "Jt", "?", "Te"]);
});
