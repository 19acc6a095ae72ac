import { statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, type BrowserContext } from "playwright-core";
import { findChromium, sandboxFlags } from "../harness/browser";
import { House } from "../harness/house";
import { PASSWORD, type Person } from "../harness/person";
import { SnugServer } from "../harness/server";
import { joinVoice } from "../harness/voice";
import { dismiss, engineFriend } from "../interop/friends";
import { speak } from "../interop/speech";
import { addServer, logIn, Stage } from "../desktop/stage";
import { Screen, SoundSession } from "../desktop/programs";
import { childrenOf, commandOf, pssMib, processorMs } from "./processes";

/*
 * `scripts/bench desktop`: what the desktop app costs, and what Chromium costs with the same page and call on the same screen
 * and devices, one after the other. All processes of each are counted, with their shares of what they share.
 */

const STARTS = 5;
const SETTLE_MS = 10_000;
const MEASURE_MS = 20_000;

/** A client under measurement. */
interface Client {
  name: string;
  /** From nothing until the channel is shown. */
  start(): Promise<void>;
  stop(): Promise<void>;
  join(): Promise<void>;
  pid(): number;
}

interface Cost {
  cold_start_ms: number;
  idle_pss_mib: number;
  idle_cpu_percent: number;
  voice_pss_mib: number;
  voice_cpu_percent: number;
}

export async function main(flags: string[]): Promise<void> {
  const deb = flags.find((flag) => flag.startsWith("--deb="))?.slice("--deb=".length);
  const home = new House();
  const desktop = new Stage();
  const folder = await mkdtemp(join(tmpdir(), "snug-bench-"));
  try {
    home.server = await SnugServer.start();
    await home.settle();
    desktop.folder = folder;
    desktop.screen = await Screen.start();
    desktop.sound = await SoundSession.start();
    await desktop.sound.tell("plug", "speaker");
    await desktop.sound.tell("speaker", "speaker");
    await desktop.sound.tell("say", "headset", speak("clara", folder));
    await desktop.sound.tell("microphone", "headset");
    await desktop.sound.tell("pulse");
    const own = await measure(await app(home, desktop), home, folder);
    const theirs = await measure(await browser(home, desktop), home, folder);
    const figures = { ...own, ...(deb === undefined ? {} : { deb_mib: round(statSync(deb).size / 1024 / 1024) }), chromium_pss_mib: theirs.voice_pss_mib, chromium: theirs };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  } finally {
    await dismiss();
    while (desktop.windows.length > 0) await desktop.close(desktop.windows[0]!);
    await desktop.sound?.close();
    await desktop.screen?.close();
    await home.server?.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(client: Client, home: House, folder: string): Promise<Cost> {
  const starts: number[] = [];
  for (let turn = 0; turn < STARTS; turn++) {
    forgetFiles();
    const begun = performance.now();
    await client.start();
    starts.push(performance.now() - begun);
    console.error(`${client.name}: started in ${Math.round(starts.at(-1)!)} ms`);
    if (turn < STARTS - 1) await client.stop();
  }
  const idle = await cost(client);
  const friend = await engineFriend(home, "ada", "str0m", folder);
  await client.join();
  const voice = await cost(client);
  await friend.leave();
  await client.stop();
  console.error(`${client.name}: idle ${JSON.stringify(idle)}, in voice ${JSON.stringify(voice)}`);
  return {
    cold_start_ms: Math.round(starts.toSorted((a, b) => a - b)[Math.floor(STARTS / 2)]!),
    idle_pss_mib: idle.pss,
    idle_cpu_percent: idle.cpu,
    voice_pss_mib: voice.pss,
    voice_cpu_percent: voice.cpu,
  };
}

async function cost(client: Client): Promise<{ pss: number; cpu: number }> {
  await sleep(SETTLE_MS);
  const [before, begun] = [processorMs(client.pid()), performance.now()];
  await sleep(MEASURE_MS);
  const cpu = ((processorMs(client.pid()) - before) / (performance.now() - begun)) * 100;
  return { pss: round(pssMib(client.pid())), cpu: round(cpu) };
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Lets Linux read programs from the disk again, where we may say so: else the first start alone is a cold one. */
function forgetFiles(): void {
  try {
    writeFileSync("/proc/sys/vm/drop_caches", "3");
  } catch {
    console.error("Only root can empty the caches: starts are warm");
  }
}

/** The app, logged in. */
async function app(home: House, desktop: Stage): Promise<Client> {
  const person = await home.friend("nora");
  let window = await desktop.open();
  await addServer(window, home.base);
  await logIn(window, person);
  const shown = () => window.see("heading", home.general.name).there();
  await shown();
  await desktop.close(window);
  return {
    name: "the desktop app",
    start: async () => {
      window = await desktop.open();
      await shown();
    },
    stop: () => desktop.close(window),
    join: async () => {
      await window.see("link", /^Fireside, voice channel/).click();
      await window.reads("In Fireside");
    },
    // What drives it is not counted.
    pid: () => childrenOf(window.driverPid)[0]!,
  };
}

/** Chromium on the same screen with the same devices, logged in. */
async function browser(home: House, desktop: Stage): Promise<Client> {
  const person: Person = await home.friend("olga");
  const profile = join(desktop.folder, "chromium");
  let context: BrowserContext;
  const start = async (): Promise<void> => {
    context = await chromium.launchPersistentContext(profile, {
      executablePath: findChromium(),
      headless: false,
      viewport: null,
      env: { ...desktop.variables, PATH: process.env["PATH"] ?? "" },
      args: [...sandboxFlags(), "--no-first-run", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required", `--app=${home.base}`],
      ignoreDefaultArgs: ["--mute-audio"],
    });
  };
  const page = () => context.pages()[0]!;
  const shown = () => page().getByRole("heading", { level: 1, name: home.general.name }).waitFor();
  await start();
  await page().goto(home.base);
  await page().getByLabel("Username").fill(person.username);
  await page().getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page().getByRole("button", { name: "Log in" }).click();
  await shown();
  await context!.close();
  return {
    name: "Chromium",
    start: async () => {
      await start();
      await shown();
    },
    stop: () => context.close(),
    join: () => joinVoice(page(), { name: "Fireside" }),
    pid: () => childrenOf(process.pid).find((pid) => commandOf(pid).includes(profile))!,
  };
}
