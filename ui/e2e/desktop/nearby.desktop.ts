import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { VERSION } from "../../src/protocol/constants";
import type { NearbyServer } from "../../src/protocol/desktop";
import { dismiss, Program } from "../interop/friends";
import { Lan } from "./lan";

/* Servers are found on the local network by mDNS, from one machine to another. */

const SERVER = process.env["SNUG_SERVER_BINARY"] ?? resolve(import.meta.dirname, "../../../target/debug/snug-server");
const NEARBY = process.env["SNUG_NEARBY_EXAMPLE"] ?? resolve(import.meta.dirname, "../../../target/debug/examples/nearby");

const lan = new Lan();
const folder = mkdtempSync(join(tmpdir(), "snug-nearby-"));
afterEach(dismiss);
afterAll(() => {
  lan.end();
  rmSync(folder, { recursive: true, force: true });
});

function start([program, ...flags]: string[]): Program {
  return new Program(program!, flags);
}

const serve = (name: string, ...flags: string[]): Program =>
  start(lan.line(1, SERVER, "--data", join(folder, name), "--listen", "0.0.0.0:0", ...flags));

const look = (): Program => start(lan.line(2, NEARBY));

/** What is told next that is so. */
async function told(program: Program, wanted: RegExp): Promise<NearbyServer[]> {
  const { text } = await program.says(wanted, program.lines.length === 0 ? 0 : program.lines.length - 1);
  return JSON.parse(text) as NearbyServer[];
}

test("a server is found while it runs, by its name and address, and is gone when it ends", async () => {
  const looks = look();
  const hearth = serve("hearth");
  const [found] = await told(looks, /Snug/);
  const [, port] = /:(\d+)/.exec((await hearth.says(/http/)).text)!;
  expect(found).toEqual({ name: "Snug", addresses: [`http://${lan.address(1)}:${port}`], protocol: VERSION });
  await hearth.stop("SIGTERM");
  expect(await told(looks, /^\[\]$/)).toEqual([]);
});

test("one that was there before is found, with the way to it, and one that does not want to be found is not", async () => {
  const shed = serve("shed", "--no-discovery");
  await shed.says(/http/);
  const den = serve("den", "--tls", "self-signed");
  await den.says(/https/);
  const found = await told(look(), /Snug/);
  expect(found).toHaveLength(1);
  expect(found[0]!.addresses[0]).toMatch(/^https:\/\/198\.19\.0\.1:\d+$/);
});
