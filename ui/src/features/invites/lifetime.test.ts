import { expect, test } from "vitest";
import type { Invite } from "../../protocol/generated";
import { lifetime, spent } from "./lifetime";

const HOUR = 3_600_000;
const invite = (change: Partial<Invite>): Invite => ({ code: "a", space_id: "1", channel_id: null, creator_id: "2", uses: 0, max_uses: null, expires_at: null, created_at: 0, ...change });

test.each([
  [{ uses: 1 }, undefined, "used once, never ends"],
  [{ uses: 3, max_uses: 5, expires_at: 12 * HOUR }, undefined, "3 of 5 used, ends in 2 hours"],
  [{ uses: 5, max_uses: 5 }, "used up", "5 of 5 used, never ends"],
  [{ expires_at: 10 * HOUR }, "ended", "used 0 times, ended just now"],
  [{ uses: 5, max_uses: 5, expires_at: 7 * HOUR }, "ended", "5 of 5 used, ended 3 hours ago"],
] as const)("%j is %s: %s", (change, state, words) => {
  expect([spent(invite(change), 10 * HOUR), lifetime(invite(change), 10 * HOUR)]).toEqual([state, words]);
});
