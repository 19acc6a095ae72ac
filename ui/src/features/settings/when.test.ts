import { expect, test } from "vitest";
import { lasting } from "./when";

test.each([
  [1, "1 second"],
  [60, "1 minute"],
  [3661, "1 hour 1 minute"],
  [90_000, "1 day 1 hour"],
  [7 * 86_400, "7 days"],
])("%d seconds last %s", (seconds, words) => {
  expect(lasting(seconds)).toBe(words);
});

test("a rough length has one unit", () => {
  expect(lasting(90_000, 1)).toBe("1 day");
});
