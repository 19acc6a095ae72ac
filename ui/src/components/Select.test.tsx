// @vitest-environment jsdom
import { createSignal } from "solid-js";
import { render } from "solid-js/web";
import { afterEach, expect, test, vi } from "vitest";
import { Select } from "./Select";

let dispose: (() => void) | undefined;
afterEach(() => {
  dispose?.();
  document.body.replaceChildren();
});

test("new options do not count as a choice", async () => {
  const chosen = vi.fn();
  const [most, setMost] = createSignal(2);
  const [value, setValue] = createSignal("1");
  const options = () => Array.from({ length: most() }, (_, at) => ({ value: String(at), label: `${at} of ${most()}` }));
  dispose = render(() => <Select label="Number" value={value()} options={options()} onChange={(next) => (chosen(next), setValue(next))} />, document.body);
  setMost(4);
  await Promise.resolve();
  expect([chosen.mock.calls, document.querySelector("button")!.textContent]).toEqual([[], "1 of 4"]);
});
