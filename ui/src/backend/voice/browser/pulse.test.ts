import { expect, test } from "vitest";
import { LOOK_MS, type Pulse, PulseWatch } from "./pulse";

test("silence is doubted after a second, and believed soon after", () => {
  const watch = new PulseWatch();
  const seen: Pulse[] = [];
  for (let now = 0; now <= 2_100; now += LOOK_MS) seen.push(watch.look(now, 500));
  expect(seen).toEqual(["there", "there", "there", "there", "doubtful", "doubtful", "gone", "gone"]);
  expect(watch.look(2_400, 501)).toBe("there");
  expect(watch.look(3_300, 501)).toBe("there");
});
