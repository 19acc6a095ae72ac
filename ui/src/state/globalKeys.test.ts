import { createRoot } from "solid-js";
import { expect, test } from "vitest";
import type { ShortcutCommand, ShortcutState, ShortcutUpdate } from "../protocol/desktop";
import { createGlobalKeys } from "./globalKeys";
import { createOnce } from "./once";

const STATE: ShortcutState = {
  on: true,
  keyboards: "never",
  ways: [
    { way: "portal", standing: { at: "trying" } },
    { way: "x11", standing: { at: "idle" } },
    { way: "socket", standing: { at: "active" } },
    { way: "evdev", standing: { at: "idle" } },
  ],
  choose: "nowhere",
  keys: [{ action: "talk", label: null, writes: false }],
  recording: null,
  talking: false,
  command: "snug-ptt",
  rule: { path: "", text: "", reload: "" },
  unkept: null,
};

function scene() {
  let time = 0;
  let tell!: (update: ShortcutUpdate) => void;
  const said: ShortcutCommand[] = [];
  const voice = { is: { muted: false, deafened: false }, muted: () => voice.is.muted, setMuted: (on: boolean) => void (voice.is.muted = on), deafened: () => voice.is.deafened, setDeafened: (on: boolean) => void (voice.is.deafened = on) };
  const once = createOnce(() => time);
  let there = true;
  const keys = createRoot(() =>
    createGlobalKeys(
      {
        attach: (told) => {
          tell = told;
          return Promise.resolve();
        },
        command: (command) => {
          said.push(command);
          return Promise.resolve();
        },
      },
      () => (there ? voice : undefined),
      once,
    ),
  );
  return { keys, voice, once, tell: (update: ShortcutUpdate) => tell(update), said, wait: (ms: number) => void (time += ms), logOut: () => void (there = false) };
}

test("a key from anywhere mutes, deafens, and takes it back", () => {
  const { voice, tell, keys } = scene();
  tell({ type: "toggle", what: "mute" });
  tell({ type: "toggle", what: "deafen" });
  expect(voice.is).toEqual({ muted: true, deafened: true });
  tell({ type: "toggle", what: "mute" });
  expect(voice.is.muted).toBe(false);
  expect([keys.count("mute"), keys.count("deafen")]).toEqual([2, 1]);
});

test("a press that the window sees, too, counts once, whoever sees it first", () => {
  const { voice, tell, once, wait } = scene();
  tell({ type: "toggle", what: "mute" });
  wait(20);
  expect(once("mute", "window")).toBe(false);
  expect(voice.is.muted).toBe(true);
  wait(20);
  expect(once("mute", "window")).toBe(true);
  wait(20);
  tell({ type: "toggle", what: "mute" });
  expect(voice.is.muted).toBe(true);
});

test("presses that are apart count, and so do those of another key", () => {
  const { voice, tell, once, wait } = scene();
  expect(once("mute", "window")).toBe(true);
  tell({ type: "toggle", what: "deafen" });
  expect(voice.is.deafened).toBe(true);
  wait(400);
  tell({ type: "toggle", what: "mute" });
  expect(voice.is.muted).toBe(true);
});

test("without anybody who is logged in, a key is counted and does nothing", () => {
  const { keys, voice, tell, logOut } = scene();
  logOut();
  tell({ type: "toggle", what: "mute" });
  expect([voice.is.muted, keys.count("mute")]).toEqual([false, 1]);
});

test("the state is known whole, and rows that stay are the same", () => {
  const { keys, tell } = scene();
  expect(keys.state()).toBe(null);
  tell({ type: "state", state: structuredClone(STATE) });
  const row = keys.state()!.keys[0];
  tell({ type: "state", state: { ...structuredClone(STATE), talking: true, choose: "here", keys: [{ action: "talk", label: "F9", writes: false }], ways: [{ way: "x11", standing: { at: "failed", why: "No.", hint: null } }] } });
  expect(keys.state()!.keys[0]).toBe(row);
  expect(row?.label).toBe("F9");
  expect(keys.state()!.ways).toEqual([{ way: "x11", standing: { at: "failed", why: "No.", hint: null } }]);
  expect(keys.talking()).toBe(true);
  tell({ type: "talk", down: false });
  expect(keys.talking()).toBe(false);
});
