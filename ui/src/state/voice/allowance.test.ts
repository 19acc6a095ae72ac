import fc from "fast-check";
import { expect, test } from "vitest";
import { Allowance } from "./allowance";

test("so many are allowed at once, and one more after each while", () => {
  const allowance = new Allowance({ most: 2, everyMs: 1_000 });
  expect([0, 0, 0].map((at) => allowance.take(at))).toEqual([true, true, false]);
  expect(allowance.next).toBe(1_000);
  expect([999, 1_000, 1_001, 2_000].map((at) => allowance.take(at))).toEqual([false, true, false, true]);
});

test("in no stretch of time is more done than the rate and the burst allow", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 80 }), (steps) => {
      const allowance = new Allowance({ most: 3, everyMs: 1_000 });
      let now = 0;
      const done: number[] = [];
      for (const step of steps) {
        now += step;
        if (allowance.take(now)) done.push(now);
        else expect(allowance.next).toBeGreaterThan(now);
      }
      for (const from of done) expect(done.filter((at) => at >= from && at < from + 5_000).length).toBeLessThanOrEqual(3 + 5);
    }),
  );
});
