// @vitest-environment jsdom
import { render } from "solid-js/web";
import { createStore } from "solid-js/store";
import { afterEach, expect, test } from "vitest";
import type { ShortcutCommand, ShortcutState } from "../../protocol/desktop";
import type { GlobalKeys } from "../../state/globalKeys";
import { KeyRows } from "./KeyRows";

let dispose: (() => void) | undefined;
afterEach(() => {
  dispose?.();
  document.body.replaceChildren();
});

function scene(change: Partial<ShortcutState>) {
  const [state, setState] = createStore<ShortcutState>({
    on: true,
    keyboards: "never",
    ways: [],
    choose: "here",
    keys: [
      { action: "talk", label: "Ctrl+F9", writes: false },
      { action: "mute", label: null, writes: false },
    ],
    recording: null,
    talking: false,
    command: "snug-ptt",
    rule: { path: "", text: "", reload: "" },
    unkept: null,
    ...change,
  });
  const said: ShortcutCommand[] = [];
  const keys: GlobalKeys = { state: () => state, talking: () => false, count: () => 0, tell: (command) => void said.push(command) };
  dispose = render(() => <KeyRows keys={keys} state={state} />, document.body);
  const button = (text: string) => [...document.querySelectorAll("button")].find((one) => one.textContent === text)!;
  /** Whether somebody in the window sees it. */
  const press = (key: string): boolean => {
    let seen = false;
    const look = () => void (seen = true);
    document.addEventListener("keydown", look);
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
    document.removeEventListener("keydown", look);
    return seen && !event.defaultPrevented;
  };
  return { said, setState, button, press };
}

test("a key is chosen by the app, and does nothing in the window meanwhile", () => {
  const { said, setState, button, press } = scene({});
  expect(press("Tab")).toBe(true);
  button("Choose a key").click();
  expect(said).toEqual([{ type: "record", action: "mute" }]);
  setState("recording", "mute");
  expect(press("Tab")).toBe(false);
  expect(button("Press a key…").getAttribute("aria-pressed")).toBe("true");
  setState("recording", null);
  expect(press("Tab")).toBe(true);
});

test("a choice ends when the window loses the focus, or its page goes", () => {
  const { said, setState } = scene({});
  dispatchEvent(new Event("blur"));
  expect(said).toEqual([]);
  setState("recording", "talk");
  dispatchEvent(new Event("blur"));
  expect(said).toEqual([{ type: "record", action: null }]);
  dispose?.();
  expect(said.length).toBe(2);
});

test("a key is given up by its button", () => {
  const { said } = scene({});
  document.querySelector<HTMLButtonElement>("[aria-label='Use no key']")!.click();
  expect(said).toEqual([{ type: "forget", action: "talk" }]);
});

test("a desktop that keeps the keys shows its own dialog", () => {
  const { said, button } = scene({ choose: "desktop", keys: [{ action: "talk", label: "Press <Super>T", writes: false }, { action: "mute", label: null, writes: false }] });
  expect(document.body.textContent).toContain("Press <Super>T");
  expect(document.body.textContent).toContain("No key yet");
  button("Choose keys").click();
  expect(said).toEqual([{ type: "configure" }]);
});
