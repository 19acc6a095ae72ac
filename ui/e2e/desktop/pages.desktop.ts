import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, test } from "vitest";
import { house } from "../harness/house";
import { chromiumFriend, dismiss } from "../interop/friends";
import { speak } from "../interop/speech";
import { addServer, go, logIn, stage } from "./stage";
import type { AppWindow } from "./webdriver";

/* The pages that only the desktop app has, and those that show something else there, light and dark. */

const home = house({ story: true });
const folder = mkdtempSync(join(tmpdir(), "snug-pages-"));
const desktop = stage({ story: true, says: () => speak("clara", folder, 0) });
afterAll(async () => {
  await dismiss();
  rmSync(folder, { recursive: true, force: true });
});

let window: AppWindow;

/** Keeps a picture of each theme, where somebody wants to look at them. */
async function look(name: string): Promise<void> {
  const folder = process.env["SNUG_DESKTOP_PICTURES"];
  for (const theme of ["light", "dark"]) {
    await window.run("(theme) => { document.documentElement.dataset.theme = theme; }", theme);
    if (folder) await writeFile(`${folder}/${name}-${theme}.png`, await window.picture());
  }
}

test("a server is asked for, and looks like itself", async () => {
  window = await desktop.open();
  await window.see("textbox", "Address or invite link").there();
  await look("servers-none");
  await addServer(window, home.base);
  await window.see("textbox", "Username").there();
  await look("log-in");
  await logIn(window, await home.friend("nora"));
  await window.see("heading", home.general.name).there();
  await look("channel");
  await window.see("button", "Servers").click();
  await window.see("img", "Connected").there();
  await look("servers-list");
  await window.press("\uE00C");
});

test.each([
  ["appearance", "Theme"],
  ["notifications", "Notifications"],
  ["desktop", "Start when I log in"],
  ["keys", "snug-ptt"],
])("settings: %s", async (page, words) => {
  await go(window, `/settings/${page}`);
  await window.reads(words);
  await look(`settings-${page}`);
});

test("settings: keys say which way they come, and why not a better one", async () => {
  await go(window, "/settings/keys");
  await window.see("switch", "Keys that work from anywhere").click();
  await window.reads("In use");
  await window.reads("Not here");
  await look("settings-keys-on");
  await window.see("switch", "Keys that work from anywhere").click();
});

test("settings: voice shows the microphone at work", async () => {
  await go(window, "/settings/voice");
  await window.see("combobox", /^Microphone/).there();
  await window.see("combobox", /^Output/).there();
  await window.reads("This would be sent.");
  await look("settings-voice");
});

test("diagnostics open by their key, show what the engine measures in a call, and close", async () => {
  await go(window, home.pathOf(home.general));
  const ada = await chromiumFriend(home, "ada", folder, 0);
  await window.see("link", /^Fireside, voice channel/).click();
  await window.reads("In Fireside");
  await ada.listen(1);
  await look("voice");
  await window.press("\uE009", "\uE008", "d");
  await window.see("region", "Diagnostics").there();
  for (const words of ["Round trip", "Jitter buffer", /str0m|webrtc/, "speaker", "headset"]) await window.reads(words);
  await look("diagnostics");
  await window.press("\uE009", "\uE008", "d");
  await window.see("region", "Diagnostics").gone();
  await ada.leave();
});
