import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { end, Screen, until, type Variables } from "../desktop/programs";
import { AppWindow } from "../desktop/webdriver";
import { asAppImage, Host } from "./host";

/* The app updates itself, in a real window: from a word at the edge to the new version running. */

const NEW = "This is the new one";

let screen: Screen, bus: ChildProcess, host: Host, window: AppWindow | undefined;
let variables: Variables;
const folder = mkdtempSync(join(tmpdir(), "snug-update-"));
const image = join(folder, "Snug.AppImage");

beforeAll(async () => {
  [screen, host] = await Promise.all([Screen.start(), Host.start()]);
  bus = spawn("dbus-daemon", ["--session", "--nofork", "--nopidfile", "--print-address"], { stdio: ["ignore", "pipe", "ignore"] });
  const address = await new Promise<string>((done) => bus.stdout!.once("data", (text: Buffer) => done(text.toString().trim())));
  variables = { DISPLAY: screen.display, HOME: folder, XDG_RUNTIME_DIR: folder, DBUS_SESSION_BUS_ADDRESS: address, APPIMAGE: image, SNUG_UPDATES: host.address("/latest.json"), LANG: "C.UTF-8", NO_COLOR: "1" };
});
afterEach(async () => {
  await window?.close();
  window = undefined;
  for (const pid of running()) process.kill(pid, "SIGKILL");
});
afterAll(async () => {
  await host.close();
  await end(bus);
  await screen.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Processes of the file that is installed now, and not of one that was. */
function running(): number[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/exe`) === image ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

const installed = (): boolean => readFileSync(image).includes(NEW);

/** Starts the app, and waits until it has found the update by itself. */
async function offered(): Promise<AppWindow> {
  asAppImage(image);
  window = await AppWindow.open({ program: image, variables });
  await window.reads("Snug 9.9.9 is there.", 40_000);
  await window.see("button", "What is new").click();
  await window.reads("Louder bells");
  return window;
}

test("a new version is told of, installed, and started", async () => {
  const file = join(folder, "new");
  asAppImage(file, NEW);
  host.offer(file, folder, "9.9.9");
  const app = await offered();
  expect(installed()).toBe(false);
  await app.see("button", "Install it").click();
  await app.reads("Snug 9.9.9 is installed, and runs from the next start on.", 60_000);
  expect(installed()).toBe(true);
  expect(running()).toEqual([]);
  // It ends with the click: there may be nobody left to say that it was one.
  await app.see("button", "Start it now").click().catch(() => undefined);
  const [pid] = await until("the new one runs", () => (running().length > 0 ? running() : false));
  // Not only for a moment: the one before has left it the name by which there is one.
  await until("the new one has a window", () => hasWindow(pid!));
});

test("an old version that is presented as a new one is refused, and the app goes on", async () => {
  const file = join(folder, "old");
  asAppImage(file, NEW);
  host.offer(file, folder, "9.9.9", "9.0.0");
  const app = await offered();
  await app.see("button", "Install it").click();
  await app.reads("The package was signed as version 9.0.0, but is presented as 9.9.9.", 60_000);
  expect(installed()).toBe(false);
  await app.see("button", "Install it").there();
});

/** Whether a process has a window on the screen. */
async function hasWindow(pid: number): Promise<boolean> {
  const search = spawn("xdotool", ["search", "--onlyvisible", "--pid", String(pid), "--class", "app.snug.Snug"], { env: { ...process.env, DISPLAY: screen.display }, stdio: "ignore" });
  return (await new Promise<number | null>((done) => search.once("exit", done))) === 0;
}
