import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, test } from "vitest";
import { house } from "../harness/house";
import type { Person } from "../harness/person";
import { type BrowserFriend, dismiss } from "../interop/friends";
import { speak } from "../interop/speech";
import { beginCall } from "./call";
import { arrives, staysSilent } from "./ears";
import { stage } from "./stage";
import type { AppWindow } from "./webdriver";

/* Keys that work while nobody looks at the window. The tests are steps. */

const PTT = process.env["SNUG_PTT_BINARY"] ?? resolve(import.meta.dirname, "../../../target/debug/snug-ptt");
/** Linux's number of F9. */
const F9 = 67;

const home = house({ story: true });
const folder = mkdtempSync(join(tmpdir(), "snug-keys-"));
const desktop = stage({ story: true, says: () => speak("clara", folder, 0) });
afterAll(async () => {
  await dismiss();
  rmSync(folder, { recursive: true, force: true });
});

let nora: Person;
let window: AppWindow;
let ada: BrowserFriend;

/** As a person at this desktop would. */
const does = (program: string, ...flags: string[]): void => void execFileSync(program, flags, { env: { ...desktop.variables, PATH: process.env["PATH"] }, stdio: ["ignore", "ignore", "inherit"] });

test("whoever has push to talk set is silent", async () => {
  mkdirSync(join(desktop.folder, "data/app.snug.Snug"), { recursive: true });
  writeFileSync(join(desktop.folder, "data/app.snug.Snug/shortcuts.json"), JSON.stringify({ on: true, keys: { talk: { modifiers: [], code: F9 } } }));
  ({ nora, window, ada } = await beginCall(home, desktop, folder));
  await arrives(ada, nora.id);
  await window.see("button", "Voice settings").click();
  await window.see("radio", "Push").click();
  await window.press("\uE00C");
  await staysSilent(ada, nora.id);
});

test("they are heard while they hold the key, and the window need not be there", async () => {
  does("xdotool", "search", "--onlyvisible", "--name", "Snug", "windowminimize");
  does("xdotool", "keydown", "F9");
  await arrives(ada, nora.id);
  does("xdotool", "keyup", "F9");
  await staysSilent(ada, nora.id);
});

test("they are heard while they hold it with other keys", async () => {
  does("xdotool", "keydown", "shift", "keydown", "ctrl", "keydown", "F9");
  await arrives(ada, nora.id);
  does("xdotool", "keyup", "F9", "keyup", "ctrl", "keyup", "shift");
  await staysSilent(ada, nora.id);
});

test("snug-ptt does the same for desktops that give keys to commands", async () => {
  does(PTT, "press");
  await arrives(ada, nora.id);
  does(PTT, "release");
  await staysSilent(ada, nora.id);
});

test("snug-ptt mutes, and the window shows it", async () => {
  does(PTT, "toggle-mute");
  await window.see("button", "Unmute").there();
  does(PTT, "toggle-mute");
  await window.see("button", "Mute").there();
  does(PTT, "toggle-deafen");
  await window.see("button", "Undeafen").there();
});
