import { createSignal } from "solid-js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { arrival } from "./arrival";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what is there already is not waited for", async () => {
  await arrival(() => true);
  expect(vi.getTimerCount()).toBe(0);
});

test("what comes later is waited for, and no longer", async () => {
  const [there, setThere] = createSignal(false);
  const done = vi.fn();
  const waiting = arrival(there).then(done);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(done).not.toHaveBeenCalled();
  setThere(true);
  await waiting;
  expect(vi.getTimerCount()).toBe(0);
});

test("what never comes is given up", async () => {
  const waiting = arrival(() => false);
  await vi.advanceTimersByTimeAsync(10_000);
  await waiting;
});
