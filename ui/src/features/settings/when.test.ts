import { expect, test } from "vitest";
import { lasting, relatively } from "./when";

const now = Date.UTC(2026, 10, 21, 12);

test.each([
  [0, "just now"],
  [-5 * 60_000, "5 minutes ago"],
  [-3 * 3_600_000, "3 hours ago"],
  [-24 * 3_600_000, "yesterday"],
  [2 * 24 * 3_600_000, "in 2 days"],
  [-90 * 24 * 3_600_000, "23 August 2026"],
])("a gap of %d ms is %s", (gap, words) => {
  expect(relatively(now + gap, now)).toBe(words);
});

test.each([
  [1, "1 second"],
  [60, "1 minute"],
  [3661, "1 hour 1 minute"],
  [90_000, "1 day 1 hour"],
  [7 * 86_400, "7 days"],
])("%d seconds last %s", (seconds, words) => {
  expect(lasting(seconds)).toBe(words);
});
