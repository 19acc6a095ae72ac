import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { house } from "../harness/house";
import type { Person } from "../harness/person";
import { type BrowserFriend, dismiss } from "../interop/friends";
import { speak } from "../interop/speech";
import { beginCall } from "./call";
import { arrives, staysSilent } from "./ears";
import { until } from "./programs";
import { APP, go, stage } from "./stage";
import type { AppWindow } from "./webdriver";

/* What is around the window: the tray, notifications, links, a second start, and sleep. The tests are steps. */

const home = house({ story: true });
const folder = mkdtempSync(join(tmpdir(), "snug-around-"));
const desktop = stage({ story: true, around: true, says: () => speak("clara", folder, 0) });
afterAll(async () => {
  await dismiss();
  rmSync(folder, { recursive: true, force: true });
});

let nora: Person, window: AppWindow, ada: BrowserFriend;

const variables = () => ({ ...desktop.variables, PATH: process.env["PATH"] });
/** Whether the window is seen on the screen. */
function isSeen(): boolean {
  try {
    return execFileSync("xdotool", ["search", "--onlyvisible", "--name", "^Snug$"], { env: variables() }).length > 0;
  } catch {
    // Nothing was found.
    return false;
  }
}

/** As its button in the corner does. */
const closeWindow = (): void => void execFileSync("wmctrl", ["-c", "Snug"], { env: variables() });

test("the tray shows how one is in voice, and its menu mutes", async () => {
  ({ nora, window, ada } = await beginCall(home, desktop, folder));
  await until("the tray shows the call", async () => (await desktop.around.icon())?.tooltip.includes("Fireside"));
  await arrives(ada, nora.id);
  await desktop.around.choose("Mute");
  await window.see("button", "Unmute").there();
  await until("the tray shows it", async () => (await desktop.around.icon())?.tooltip.includes("Muted"));
  await staysSilent(ada, nora.id);
  await desktop.around.choose("Mute");
  await arrives(ada, nora.id);
});

test("a window that is closed stays in the tray, with the call; a click shows it again", async () => {
  await until("the window is seen", isSeen);
  closeWindow();
  await until("the window is hidden", () => !isSeen());
  await until("that is told", async () => (await desktop.around.notes()).some((note) => note.title === "Snug is still there"));
  await arrives(ada, nora.id);
  await desktop.around.click();
  await until("the window is seen again", isSeen);
});

test("a mention is notified of while the window is hidden, and a click leads to it", async () => {
  closeWindow();
  await until("the window is hidden", () => !isSeen());
  const plans = await home.channel("plans");
  await home.owner.api.messages.send(plans.id, { content: `<@${nora.id}> are you there?`, nonce: "1" } as never);
  const note = await until("it is notified of", async () => (await desktop.around.notes()).find((note) => note.body.includes("are you there?")));
  expect(note.title).toBe("Marta in #plans");
  await desktop.around.open(note);
  await until("the window is seen", isSeen);
  await window.see("heading", "plans").there();
  await window.reads("are you there?");
  // What is read is taken back, however one came to read it.
  closeWindow();
  await until("the window is hidden", () => !isSeen());
  await home.owner.api.messages.send(plans.id, { content: `<@${nora.id}> hello?`, nonce: "2" } as never);
  const hello = async (): Promise<boolean> => (await desktop.around.notes()).some(({ body }) => body.includes("hello?"));
  await until("it is notified of", hello);
  await desktop.around.click();
  await until("the note is gone", async () => !(await hello()));
});

test("a second start brings the one that runs to the front, with its link", async () => {
  closeWindow();
  await until("the window is hidden", () => !isSeen());
  await promisify(execFile)(APP, ["snug://snug.example/invite/abcd1234"], { env: variables() });
  await until("the window is seen", isSeen);
  await window.see("textbox", "Address or invite link").there();
  expect(await window.run("() => document.querySelector('input').value")).toContain("snug.example/invite/abcd1234");
  await window.reads("A link that was opened leads to this server.");
});

test("it starts with the session where that is wanted", async () => {
  const entry = join(desktop.variables["XDG_CONFIG_HOME"] ?? join(desktop.folder, ".config"), "autostart/app.snug.Snug.desktop");
  await window.see("button", /Nora ·/).click();
  await go(window, "/settings/desktop");
  await window.see("switch", "Start when I log in").click();
  await until("there is an entry for it", () => existsSync(entry));
  expect(readFileSync(entry, "utf8")).toMatch(/^Exec=.*snug-desktop.* --hidden$/m);
  await window.see("switch", "Start when I log in").click();
  await until("it is gone", () => !existsSync(entry));
  await window.press("\uE00C");
});

test("a call comes back by itself when the machine wakes up", async () => {
  await desktop.around.sleep();
  // With all that it started: the time between is lost to it.
  process.kill(-window.driverPid, "SIGSTOP");
  try {
    await until("the server misses them", () => home.server.log.includes("left voice"), 120_000);
  } finally {
    process.kill(-window.driverPid, "SIGCONT");
  }
  await desktop.around.wake();
  await arrives(ada, nora.id);
  await window.reads("In Fireside");
});

test("quit ends it, and the next start has the window as it was", async () => {
  execFileSync("xdotool", ["search", "--onlyvisible", "--name", "^Snug$", "windowsize", "1000", "700"], { env: variables() });
  const isSo = () => window.run<boolean>("() => innerWidth === 1000 && innerHeight === 700").catch(() => false);
  await until("it has that size", isSo);
  const left = home.server.log.split("left voice").length;
  await desktop.around.choose("Quit");
  await until("it has ended", () => !isSeen());
  await until("the server knows", async () => home.server.log.split("left voice").length > left);
  await desktop.close(window);
  window = await desktop.open();
  await until("it has the size of before", isSo);
});
