// @vitest-environment jsdom
import { createSignal } from "solid-js";
import { render } from "solid-js/web";
import { afterEach, expect, test } from "vitest";
import { Tabs } from "./Tabs";

type Value = "a" | "b" | "c";
let dispose: (() => void) | undefined;
afterEach(() => {
  dispose?.();
  document.body.replaceChildren();
});

function scene() {
  const [value, setValue] = createSignal<Value>("a");
  const [count, setCount] = createSignal(1);
  const drawn: string[] = [];
  dispose = render(
    () => (
      <Tabs
        label="Pages"
        tabs={[
          { value: "a", label: "First", count: count() },
          { value: "b", label: "Second" },
          { value: "c", label: "Third" },
        ]}
        value={value()}
        onChange={setValue}
      >
        {(shown) => {
          drawn.push(shown);
          return <input aria-label={shown} />;
        }}
      </Tabs>
    ),
    document.body,
  );
  const press = (key: string) => document.querySelector("[role=tablist]")!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  return { value, setCount, drawn, press };
}

test("the arrow keys go round, and take the focus along", () => {
  const { value, press } = scene();
  press("ArrowLeft");
  expect([value(), document.activeElement?.textContent]).toEqual(["c", "Third"]);
  press("ArrowRight");
  expect(value()).toBe("a");
});

test("only the chosen tab is in the order of the Tab key", () => {
  const { press } = scene();
  press("End");
  expect([...document.querySelectorAll("[role=tab]")].map((tab) => tab.getAttribute("tabindex"))).toEqual(["-1", "-1", "0"]);
});

test("what is typed in a page survives a change of the tabs' counts", () => {
  const { setCount, drawn } = scene();
  const input = document.querySelector("input")!;
  input.value = "unsaved";
  setCount(2);
  expect([document.querySelector("input")!.value, document.querySelector("[role=tab]")!.textContent, drawn]).toEqual(["unsaved", "First2", ["a"]]);
});
