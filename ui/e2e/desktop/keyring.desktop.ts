import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { house } from "../harness/house";
import { end, until, type Variables } from "./programs";
import { addServer, logIn, stage } from "./stage";

/* Log-ins are kept in the desktop's keyring, where there is one. */

const home = house({ story: true });
const desktop = stage({ story: true });
let keyring: ChildProcess;

const variables = (): Variables => ({ ...desktop.variables, PATH: process.env["PATH"]! });

/** Starts the keyring, which is made at the first time. */
async function unlock(): Promise<void> {
  keyring = spawn("gnome-keyring-daemon", ["--foreground", "--unlock", "--components=secrets"], {
    env: variables(),
    stdio: ["pipe", "ignore", "ignore"],
  });
  keyring.stdin!.end("password of the desktop");
  await until("there is a keyring", async () => (await names()).includes("org.freedesktop.secrets"));
}

beforeAll(unlock);
afterAll(() => end(keyring));

const filesIn = (...path: string[]): string[] => {
  try {
    return readdirSync(join(desktop.folder, "data", ...path));
  } catch {
    return [];
  }
};

/** Who is on the session's bus. */
async function names(): Promise<string> {
  const call = ["--session", "--dest=org.freedesktop.DBus", "--print-reply", "/org/freedesktop/DBus", "org.freedesktop.DBus.ListNames"];
  return promisify(execFile)("dbus-send", call, { env: variables() }).then(({ stdout }) => stdout);
}

test("a log-in is kept in the keyring, and in no file", async () => {
  let window = await desktop.open();
  await window.reads("Welcome to Snug");
  expect(await window.text()).not.toContain("keyring");
  await addServer(window, home.base);
  await logIn(window, await home.friend("nora"));
  await window.see("heading", home.general.name).there();
  expect(filesIn("app.snug.Snug")).not.toContain("secrets.keyring");
  await desktop.close(window);
  window = await desktop.open();
  await window.see("heading", home.general.name).there();
  await desktop.close(window);
});

test("while there is none one logs in anew, and is told why", async () => {
  await end(keyring);
  const window = await desktop.open();
  await window.see("textbox", "Username").there();
  await window.see("button", "All servers").click();
  await window.reads("This desktop has no keyring");
  await window.see("button", /Nora ·/).click();
  await logIn(window, { username: "nora" });
  await window.see("heading", home.general.name).there();
  expect(filesIn("app.snug.Snug")).toContain("secrets.keyring");
  await desktop.close(window);
});

test("what was kept without it is found with it", async () => {
  await unlock();
  const window = await desktop.open();
  await window.see("heading", home.general.name).there();
});
