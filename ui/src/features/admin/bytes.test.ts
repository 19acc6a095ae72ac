import { expect, test } from "vitest";
import { bytes } from "./bytes";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [48_300_000, "48.3 MB"],
  [512_000, "512 kB"],
  [2e15, "2000 TB"],
])("%d is %s", (size, words) => {
  expect(bytes(size)).toBe(words);
});
