import type { Browser, Page } from "playwright-core";
import { launch } from "../harness/browser";
import { logIn, type Person } from "../harness/person";
import { Visits } from "../harness/visits";
import { bar, joinVoice } from "../harness/voice";
import { call } from "./plain";

/*
 * The browser's half of the section `latency` of `scripts/bench voice`: two pages in a call, with the devices that the system
 * uses by default. The job comes as JSON; "talking" on standard output says that the call stands. It ends with the input.
 */

interface Job {
  base: string;
  /** Where the app opens. */
  path: string;
  channel: { id: string; name: string };
  /** User names. */
  speaker: string;
  listener: string;
  password: string;
  /** Without the app: microphone, connection and audio element only. */
  plain: boolean;
}

/** As few changes of the sound as the app can be told to make. */
const SETTINGS = JSON.stringify({ voice: { mode: "always", noise: false, echo: false, gain: false } });
/** Until what is said at a start, and the sounds of joining, are over. */
const SETTLED_MS = 3_000;

export async function main([text = "{}"]: string[]): Promise<void> {
  const job = JSON.parse(text) as Job;
  const browser = await launch(["--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required"], { audible: true });
  const visits = new Visits(() => browser, () => job.base);
  try {
    await (job.plain ? withoutApp(browser, job) : withApp(visits, job));
    await new Promise((done) => setTimeout(done, SETTLED_MS));
    console.log("talking");
    for await (const _ of process.stdin);
  } finally {
    await browser.close();
  }
}

const person = async (job: Job, username: string): Promise<Person> => ({ ...(await logIn(job.base, username, job.password)), password: job.password });

async function withApp(visits: Visits, job: Job): Promise<void> {
  const join = async (username: string): Promise<Page> => {
    const page = await visits.open(await person(job, username), { path: job.path, microphone: true, storage: { "snug.preferences": SETTINGS } });
    await joinVoice(page, job.channel);
    return page;
  };
  const listener = await join(job.listener);
  await bar(listener).getByRole("button", { name: "Mute" }).click();
  await join(job.speaker);
}

async function withoutApp(browser: Browser, job: Job): Promise<void> {
  for (const username of [job.listener, job.speaker]) {
    const context = await browser.newContext({ bypassCSP: true, permissions: ["microphone"] });
    const page = await context.newPage();
    await page.goto(`${job.base}/healthz`);
    const { token } = await person(job, username);
    await page.evaluate(call, { token, channel: job.channel.id, speaks: username === job.speaker });
  }
}
