import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Browser, Page } from "playwright-core";
import { launch } from "../harness/browser";
import { logIn } from "../harness/person";
import { Visits } from "../harness/visits";
import { bar, joinVoice } from "../harness/voice";
import { type How, tap } from "./page";

/*
 * The browser's half of `scripts/bench voice`: calls of two, by the app itself. A job is a line of JSON on standard input, and
 * what becomes of it lines on standard output: that the call stands, and then that it was recorded, or why not.
 */

interface Who extends How {
  username: string;
  password: string;
}

interface Job {
  id: number;
  base: string;
  /** Where the app opens. */
  path: string;
  channel: string;
  speaker: Who;
  listener: Who;
  /** The microphone is silent so long before it speaks, in seconds. */
  lead: number;
  /** How long to record, from when the microphone was opened, in seconds. */
  length: number;
  output: string;
}

type News = { id: number } & ({ news: "stands" } | { news: "recorded"; missing: number } | { news: "failed"; reason: string });

/** As few changes of the sound as the app can be told to make: what is measured is the network. */
const SETTINGS = JSON.stringify({ voice: { mode: "always", noise: false, echo: false, gain: false } });
const SIZE = { width: 1_200, height: 600 };

export async function main(flags: string[]): Promise<void> {
  const microphone = flags.find((flag) => flag.startsWith("--microphone="))?.slice("--microphone=".length) ?? "";
  const browser = await launch([
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    `--use-file-for-fake-audio-capture=${microphone}%noloop`,
    "--autoplay-policy=no-user-gesture-required",
  ]);
  const jobs = new Set<Promise<void>>();
  for await (const line of createInterface({ input: process.stdin })) {
    const job = JSON.parse(line) as Job;
    const done = run(browser, job).catch((thrown: unknown) => tell({ id: job.id, news: "failed", reason: String(thrown) }));
    jobs.add(done);
    void done.then(() => jobs.delete(done));
  }
  await Promise.all(jobs);
  await browser.close();
}

const tell = (news: News): void => console.log(JSON.stringify(news));

async function run(browser: Browser, job: Job): Promise<void> {
  const visits = new Visits(() => browser, () => job.base);
  try {
    const listener = await join(visits, job, job.listener);
    await bar(listener).getByRole("button", { name: "Mute" }).click();
    const speaker = await join(visits, job, job.speaker);
    await speaker.waitForFunction(() => window.tap.connection() === "connected" && window.tap.opened !== null);
    await listener.waitForFunction(() => window.tap.connection() === "connected" && window.tap.listening());
    const age = () => speaker.evaluate(() => (performance.now() - (window.tap.opened ?? 0)) / 1_000);
    tell({ id: job.id, news: "stands" });
    if ((await age()) > job.lead - 0.5) throw new Error("the call stood too late: the microphone speaks already");
    await listener.waitForTimeout((job.length - (await age())) * 1_000);
    const { rate, samples, missing } = await listener.evaluate(() => window.tap.take());
    await writeFile(job.output, wav(rate, Buffer.from(samples, "base64")));
    tell({ id: job.id, news: "recorded", missing });
  } finally {
    await visits.closeAll();
  }
}

async function join(visits: Visits, job: Job, who: Who): Promise<Page> {
  const how: How = { relay: who.relay, red: who.red };
  const person = { ...(await logIn(job.base, who.username, who.password)), password: who.password };
  const page = await visits.open(person, {
    path: job.path,
    size: SIZE,
    microphone: true,
    bypassCSP: true,
    storage: { "snug.preferences": SETTINGS },
    script: { content: `(${tap.toString()})(${JSON.stringify(how)})` },
  });
  await joinVoice(page, { name: job.channel });
  return page;
}

/** One channel of 16 bits. */
function wav(rate: number, samples: Buffer): Buffer {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
