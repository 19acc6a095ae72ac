import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Person } from "../harness/person";
import { PASSWORD } from "../harness/person";
import { Screen, SoundSession, Surroundings, type Variables } from "./programs";
import { AppWindow } from "./webdriver";

/** What `scripts/test` built, or what a developer built last. */
export const APP = process.env["SNUG_DESKTOP_BINARY"] ?? resolve(import.meta.dirname, "../../../target/debug/snug-desktop");
/** Where pictures of what failed go. */
const PICTURES = join(tmpdir(), "snug-desktop-pictures");

/** A desktop with a screen, a loudspeaker and a microphone, and the app on it. */
export class Stage {
  screen!: Screen;
  sound!: SoundSession;
  /** Where it was asked for. */
  around!: Surroundings;
  folder = "";
  readonly windows: AppWindow[] = [];

  /** Of programs on this desktop. */
  get variables(): Variables {
    const system = this.around && { DBUS_SYSTEM_BUS_ADDRESS: this.sound.variables["DBUS_SESSION_BUS_ADDRESS"]! };
    return { ...this.sound.variables, ...system, DISPLAY: this.screen.display, HOME: this.folder, XDG_DATA_HOME: join(this.folder, "data"), LANG: "C.UTF-8" };
  }

  /** Starts the app, with what it kept when it ran before. */
  async open(flags: string[] = []): Promise<AppWindow> {
    const window = await AppWindow.open({ program: APP, flags, variables: this.variables });
    this.windows.push(window);
    return window;
  }

  async close(window: AppWindow): Promise<void> {
    this.windows.splice(this.windows.indexOf(window), 1);
    await window.close();
  }

  /** Forgets all that the app kept. */
  async forget(): Promise<void> {
    await rm(join(this.folder, "data"), { recursive: true, force: true });
  }
}

export interface StageOptions {
  /** What the microphone says: a WAV file. */
  says?: (folder: string) => string;
  /** It has a tray, notifications, and a logind. */
  around?: boolean;
  /** The app stays from one test to the next, and after one that fails the rest is skipped: the tests are steps. */
  story?: boolean;
}

/** Gives a file of tests a desktop of its own. */
export function stage(options: StageOptions = {}): Stage {
  const desktop = new Stage();
  let broken = false;
  beforeAll(async () => {
    desktop.folder = await mkdtemp(join(tmpdir(), "snug-desktop-"));
    [desktop.screen, desktop.sound] = await Promise.all([Screen.start(), SoundSession.start()]);
    if (options.around) desktop.around = await Surroundings.start(desktop.sound.variables);
    await desktop.sound.tell("plug", "speaker");
    await desktop.sound.tell("speaker", "speaker");
    if (options.says) {
      await desktop.sound.tell("say", "headset", options.says(desktop.folder));
      await desktop.sound.tell("microphone", "headset");
    }
  });
  beforeEach((context) => {
    if (options.story && broken) context.skip("a step before this one failed");
  });
  afterEach(async (context) => {
    const failed = context.task.result?.state === "fail";
    if (failed && !broken) {
      await mkdir(PICTURES, { recursive: true });
      for (const [at, window] of desktop.windows.entries()) {
        const file = join(PICTURES, `${context.task.name.replace(/\W+/g, "-")}-${at}.png`);
        await window.picture().then((picture) => writeFile(file, picture), () => undefined);
        console.log(`${file}\n${window.said}`);
      }
    }
    broken ||= failed;
    if (options.story) return;
    while (desktop.windows.length > 0) await desktop.close(desktop.windows[0]!);
    await desktop.forget();
  });
  afterAll(async () => {
    while (desktop.windows.length > 0) await desktop.close(desktop.windows[0]!);
    await desktop.around?.close();
    await desktop.sound?.close();
    await desktop.screen?.close();
    await rm(desktop.folder, { recursive: true, force: true });
  });
  return desktop;
}

/** Finds a server by what somebody was sent, and goes there. */
export async function addServer(window: AppWindow, address: string): Promise<void> {
  await window.see("textbox", "Address or invite link").type(address);
  await window.see("button", "Look for it").click();
  await window.see("button", "Go there").click();
}

/** Logs in where one is asked to. */
export async function logIn(window: AppWindow, person: Pick<Person, "username">): Promise<void> {
  await window.see("textbox", "Username").type(person.username);
  await window.see("textbox", "Password").type(PASSWORD);
  await window.see("button", "Log in").click();
}

/** To another page, as a link within the app would. */
export const go = (window: AppWindow, path: string): Promise<unknown> => window.run("(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path);
