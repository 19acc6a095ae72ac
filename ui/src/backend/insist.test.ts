// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { doubtBy, insist } from "./insist";

const outdated = vi.fn();
let reachable = false;

beforeEach(() => {
  vi.useFakeTimers();
  doubtBy({ reachable: () => Promise.resolve(reachable), outdated });
});
afterEach(() => {
  vi.useRealTimers();
  outdated.mockReset();
  reachable = false;
});

/** Fails so many times, then gives a part. */
function failing(times: number) {
  return vi.fn(() => (times-- > 0 ? Promise.reject(new TypeError("Failed to fetch dynamically imported module")) : Promise.resolve("part")));
}

test("what comes at once is asked for once", async () => {
  const fetch = failing(0);
  await expect(insist(fetch)).resolves.toBe("part");
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("what does not come is asked for again, at longer and longer intervals", async () => {
  const fetch = failing(6);
  const part = insist(fetch);
  const tries: number[] = [];
  for (const ms of [0, 500, 1_000, 2_000, 4_000, 8_000, 8_000]) {
    await vi.advanceTimersByTimeAsync(ms);
    tries.push(fetch.mock.calls.length);
  }
  expect(tries).toEqual([1, 2, 3, 4, 5, 6, 7]);
  await expect(part).resolves.toBe("part");
  expect(outdated).not.toHaveBeenCalled();
});

test("what does not come for the audio thread is asked for again", async () => {
  let times = 1;
  const fetch = vi.fn(() => (times-- > 0 ? Promise.reject(new DOMException("Unable to load a worklet's module.", "AbortError")) : Promise.resolve("part")));
  const part = insist(fetch);
  await vi.advanceTimersByTimeAsync(500);
  await expect(part).resolves.toBe("part");
});

test("what came and threw is not tried again", async () => {
  const fetch = vi.fn(() => Promise.reject(new RangeError("invalid language tag")));
  await expect(insist(fetch)).rejects.toThrow("invalid language tag");
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("a network that is back is not waited for", async () => {
  const fetch = failing(4);
  const part = insist(fetch);
  await vi.advanceTimersByTimeAsync(3_500);
  expect(fetch).toHaveBeenCalledTimes(4);
  dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(fetch).toHaveBeenCalledTimes(5);
  await vi.advanceTimersByTimeAsync(8_000);
  await expect(part).resolves.toBe("part");
});

test("a part that a server that is there does not have is told of, once", async () => {
  reachable = true;
  for (const fetch of [failing(5), failing(5)]) void insist(fetch);
  await vi.advanceTimersByTimeAsync(1_499);
  expect(outdated).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(outdated).toHaveBeenCalledTimes(1);
});
