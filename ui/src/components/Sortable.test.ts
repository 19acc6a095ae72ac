// @vitest-environment jsdom
import { expect, test } from "vitest";
import { gapAt } from "./Sortable";

const rows = [
  { top: 0, bottom: 40 },
  { top: 40, bottom: 80 },
];

test.each([
  [-10, 0],
  [19, 0],
  [21, 1],
  [59, 1],
  [61, 2],
  [500, 2],
])("a pointer at %d is in gap %d", (y, gap) => {
  expect(gapAt(y, rows)).toBe(gap);
});
