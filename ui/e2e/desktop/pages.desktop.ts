import { writeFile } from "node:fs/promises";
import { test } from "vitest";
import { house } from "../harness/house";
import { addServer, logIn, stage } from "./stage";
import type { AppWindow } from "./webdriver";

/* The pages that only the desktop app has, light and dark. */

const home = house({ story: true });
const desktop = stage({ story: true });

let window: AppWindow;

/** Keeps a picture of each theme, where somebody wants to look at them. */
async function look(name: string): Promise<void> {
  const folder = process.env["SNUG_DESKTOP_PICTURES"];
  for (const theme of ["light", "dark"]) {
    await window.run("(theme) => { document.documentElement.dataset.theme = theme; }", theme);
    if (folder) await writeFile(`${folder}/${name}-${theme}.png`, await window.picture());
  }
}

/** As a link within the app would. */
const go = (path: string): Promise<unknown> => window.run("(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path);
const settings = (page: string): Promise<unknown> => go(`/settings/${page}`);

test("settings tell of the desktop app, its keys and its updates", async () => {
  window = await desktop.open();
  await addServer(window, home.base);
  await logIn(window, await home.friend("nora"));
  await window.see("heading", home.general.name).there();
  await settings("desktop");
  await window.reads("Start when I log in");
  await look("settings-desktop");
  await settings("keys");
  await window.reads("snug-ptt");
  await look("settings-keys");
  await settings("voice");
  await window.see("combobox", "Microphone").there();
  await look("settings-voice");
});

test("diagnostics open by their key, show what the engine measures in a call, and close", async () => {
  await go(home.pathOf(home.general));
  await window.see("link", /^Fireside, voice channel/).click();
  await window.reads("In Fireside");
  await window.press("\uE009", "\uE008", "d");
  await window.see("region", "Diagnostics").there();
  await window.reads(/\d ms/);
  await window.reads(/str0m|webrtc/);
  await look("diagnostics");
  await window.see("region", "Diagnostics").click();
  await window.press("\uE00C");
  await window.see("region", "Diagnostics").gone();
});
