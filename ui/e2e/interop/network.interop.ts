import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browser";
import { House } from "../harness/house";
import { SnugServer } from "../harness/server";
import { joinVoice, toneFile, voiceFlags, withVoice } from "../harness/voice";
import { readWav, type Sound } from "./compare";
import { dismiss, phone } from "./friends";
import { Roaming } from "./roaming";

/* Devices in a call that move from one network to another. */

/** How often they move: 20 for a figure that counts. */
const MOVES = Number(process.env["SNUG_MOVES"] ?? 3);
const BACK_MS = 3_000;
/** How long is watched after a move. */
const WATCH_MS = 5_000;
const LOOK_MS = 50;

const folder = mkdtempSync(join(tmpdir(), "snug-network-"));
const home = new House();
let device: Roaming;
let there: Browser;

beforeAll(async () => {
  device = new Roaming();
  home.server = await SnugServer.start({ address: device.server });
  // Voice needs a secure page, and there is nothing here to keep secret.
  const flags = [...voiceFlags(), `--unsafely-treat-insecure-origin-as-secure=${home.base}`];
  [home.browser, there] = await Promise.all([launch(flags), launch(flags, { program: device.program(folder) })]);
  await home.settle();
});
afterAll(async () => {
  await dismiss();
  await there?.close();
  await home.visits.closeAll();
  await home.browser?.close();
  await home.server?.dispose();
  device?.end();
  rmSync(folder, { recursive: true, force: true });
});

/** How many packets of sound have come in all. */
const received = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    let packets = 0;
    for (const pc of window.ears.pcs) {
      if (pc.connectionState === "closed") continue;
      for (const one of (await pc.getStats()).values()) if (one.type === "inbound-rtp") packets += one.packetsReceived;
    }
    return packets;
  });

/** When something last stood still for so long that it was heard, measured from the beginning; 0 if never. */
async function silence(pages: Page[]): Promise<number> {
  const start = performance.now();
  const last = await Promise.all(pages.map(received));
  const at = pages.map(() => start);
  let back = 0;
  while (performance.now() - start < WATCH_MS) {
    await new Promise((done) => setTimeout(done, LOOK_MS));
    const now = performance.now();
    for (const [index, page] of pages.entries()) {
      const count = await received(page);
      if (count === last[index]) continue;
      if (now - at[index]! > 4 * LOOK_MS) back = Math.max(back, now - start);
      last[index] = count;
      at[index] = now;
    }
  }
  // Whoever is silent now has been since.
  return at.some((when) => performance.now() - when > 1_000) ? Infinity : back;
}

/** The stretches within a recording of a tone in which there is none, in milliseconds. Most of it is the tone. */
function gaps({ rate, samples }: Sound): number[] {
  const block = rate / 50;
  const found: number[] = [];
  let last = -1;
  let tone = 0;
  for (let at = 0; (at + 1) * block <= samples.length; at++) {
    const loud = samples.subarray(at * block, (at + 1) * block).some((sample) => Math.abs(sample) > 0.02);
    if (!loud) continue;
    if (last >= 0 && at - last > 5) found.push((at - last) * 20);
    last = at;
    tone += 1;
  }
  expect(tone * block).toBeGreaterThan(samples.length / 2);
  return found;
}

function report(name: string, all: number[]): number {
  if (all.length === 0) all.push(0);
  all.sort((a, b) => a - b);
  const p = (part: number) => Math.round(all[Math.min(all.length - 1, Math.ceil(part * all.length) - 1)]!);
  console.log(`${name}: talk is back after p50 ${p(0.5)} ms, p95 ${p(0.95)} ms, of ${all.length}`);
  return p(0.95);
}

for (const transport of ["str0m", "webrtc"] as const) {
  test(`the engine goes on talking from another network, by ${transport}`, async () => {
    const stays = await withVoice(home, await home.friend(`stays-${transport}`));
    const { channels } = await home.owner.api.spaces.get(home.space);
    await joinVoice(stays, channels.find((channel) => channel.kind === "voice")!);
    const { program, heard } = phone(home, "ada", transport, folder, { input: toneFile(), elsewhere: device.line });
    await program.says(/^Up$/);
    const took: number[] = [];
    for (let move = 0; move < MOVES; move++) {
      await expect.poll(() => silence([stays]), { timeout: 30_000 }).toBe(0);
      device.move();
      took.push(await silence([stays]));
    }
    await program.stop("SIGINT");
    await stays.close();
    expect(report(`what ${transport} says`, took)).toBeLessThan(BACK_MS);
    // Once at each move, at most.
    expect(report(`what ${transport} hears`, readWav(heard).flatMap(gaps))).toBeLessThan(BACK_MS);
  });
}

test("a browser goes on talking from another network", async () => {
  const stays = await withVoice(home, await home.friend("stays"));
  const view = Object.assign(new House(), { server: home.server, browser: there, owner: home.owner, space: home.space, general: home.general, invite: home.invite });
  const moves = await withVoice(view, await home.friend("moves"));
  const { channels } = await home.owner.api.spaces.get(home.space);
  for (const page of [stays, moves]) await joinVoice(page, channels.find((channel) => channel.kind === "voice")!);
  const took: number[] = [];
  for (let move = 0; move < MOVES; move++) {
    await expect.poll(() => silence([stays, moves]), { timeout: 30_000 }).toBe(0);
    device.move();
    took.push(await silence([stays, moves]));
  }
  expect(report("Chromium", took)).toBeLessThan(BACK_MS);
});
