import { expect, test } from "vitest";
import type { Reading } from "./reading";
import { Recorder } from "./recorder";

const at = (seconds: number): Reading => ({ at: seconds * 1_000, own: {}, lines: [], facts: { microphone: null, speaker: null, stack: "test", codec: null, path: null } });

test("two minutes are kept, and what is older is forgotten", () => {
  const recorder = new Recorder();
  for (let second = 0; second <= 300; second += 1) recorder.take(at(second));
  expect(recorder.readings().length).toBe(121);
  expect(recorder.readings()[0]!.at).toBe(180_000);
  expect(recorder.last()!.at).toBe(300_000);
});

test("after a pause only what is of the last two minutes is left", () => {
  const recorder = new Recorder();
  recorder.take(at(0));
  recorder.take(at(1));
  recorder.take(at(1_000));
  expect(recorder.readings().map((one) => one.at)).toEqual([1_000_000]);
});

test("what was before this was there comes first, and who watches is told of each change", () => {
  const recorder = new Recorder();
  let changes = 0;
  const stop = recorder.watch(() => (changes += 1));
  recorder.begin([at(1), at(2)], [{ at: 1_500, text: "The server is reached again.", bad: false }]);
  recorder.take(at(3));
  recorder.note({ at: 3_000, text: "Nothing comes through to the server.", bad: true });
  stop();
  recorder.take(at(4));
  expect(changes).toBe(3);
  expect(recorder.readings().map((one) => one.at)).toEqual([1_000, 2_000, 3_000, 4_000]);
  expect(recorder.notes().map((one) => one.bad)).toEqual([false, true]);
});

test("of notes the last are kept", () => {
  const recorder = new Recorder();
  for (let index = 0; index < 500; index += 1) recorder.note({ at: index, text: "", bad: true });
  expect(recorder.notes().length).toBe(200);
  expect(recorder.notes()[0]!.at).toBe(300);
});
