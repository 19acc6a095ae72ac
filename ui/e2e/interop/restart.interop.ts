import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { house } from "../harness/house";
import { dismiss, phone, type Program } from "./friends";

/* What the call example says and does on its own: keys, restarts of the server, mistakes of its user. */

/** How often the server is restarted: 20 for a figure that counts. */
const RESTARTS = Number(process.env["SNUG_RESTARTS"] ?? 3);
const BACK_MS = 3_000;

const home = house();
const folder = mkdtempSync(join(tmpdir(), "snug-restart-"));
afterEach(dismiss);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function backAgain(program: Program, from: number): Promise<number> {
  return (await program.says(/^Up$/, from)).at;
}

test("voice is back in the same room after a restart of the server, by both transports", async () => {
  const phones = [phone(home, "ada", "str0m", folder), phone(home, "ben", "webrtc", folder)].map((one) => one.program);
  for (const program of phones) await program.says(/^Up$/);
  const took: Record<string, number[]> = { str0m: [], webrtc: [] };
  for (let restart = 0; restart < RESTARTS; restart++) {
    const before = phones.map((program) => program.lines.length);
    await home.server.stop();
    await home.server.run();
    const running = performance.now();
    const [first, second] = await Promise.all(phones.map((program, at) => backAgain(program, before[at]!)));
    took["str0m"]!.push(first! - running);
    took["webrtc"]!.push(second! - running);
  }
  for (const program of phones) await program.stop("SIGINT");
  for (const [transport, all] of Object.entries(took)) {
    all.sort((a, b) => a - b);
    const p = (part: number) => Math.round(all[Math.min(all.length - 1, Math.ceil(part * all.length) - 1)]!);
    console.log(`${transport}: back after p50 ${p(0.5)} ms, p95 ${p(0.95)} ms, of ${all.length} restarts`);
    expect(p(0.95)).toBeLessThan(BACK_MS);
  }
});

test("keys mute, deafen and leave", async () => {
  const { program } = phone(home, "clara", "str0m", folder);
  await program.says(/^Up$/);
  program.press("m");
  await program.says(/^You are muted/);
  program.press("m");
  await program.says(/^You are heard/);
  program.press("d");
  await program.says(/^You hear nobody/);
  program.press("q");
  await program.says(/^sent \d+ B/);
});
