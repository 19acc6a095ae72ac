import { House } from "../harness/house";
import { launch } from "../harness/browser";
import { register } from "../harness/person";
import { list, sees } from "../harness/screen";
import { fillChannel } from "../harness/seed";
import { SnugServer } from "../harness/server";
import { type Frames, frames, atRest, scrollTo } from "./frames";

/*
 * Frames per second while a history of 10,000 messages is scrolled through in Chromium: once up, where each page comes
 * from the server, and once down, where all of it is there. The last line is one JSON object.
 */

const MESSAGES = 10_000;
const PEOPLE = ["marta", "jonas", "ilse", "peer", "yara"];
/** Six screens a second: as fast as one still sees where one is. */
const SPEED_PX_S = 5_000;

interface Figures extends Frames {
  messages: number;
  first_load_js_kb: number;
  up: Frames;
  down: Frames;
}

export async function main(flags: string[]): Promise<void> {
  const json = flags.includes("--json");
  const say = (words: string): void => void (json || console.error(words));
  const messages = Number(flags.find((flag) => flag.startsWith("--messages="))?.split("=")[1] ?? MESSAGES);
  const home = new House();
  try {
    [home.server, home.browser] = await Promise.all([SnugServer.start(), launch()]);
    const figures = await measure(home, messages, say);
    console.log(JSON.stringify(figures));
  } finally {
    await home.visits.closeAll();
    await home.browser?.close();
    await home.server?.dispose();
  }
}

async function measure(home: House, messages: number, say: (words: string) => void): Promise<Figures> {
  await home.settle();
  const channel = await home.channel("archive");
  const people = [home.owner];
  for (const username of PEOPLE.slice(1)) people.push(await register(home.base, { username, invite: home.invite }));
  say(`Writing ${messages} messages`);
  await fillChannel(people, channel.id, messages);
  const newest = (await home.owner.api.messages.list(channel.id, { limit: 1 })).messages[0]!;
  await home.owner.api.channels.markRead(channel.id, { message_id: newest.id });

  const page = await home.visit(home.owner, { path: home.pathOf(channel), motion: true });
  await sees(list(page).locator("article[data-message]").last());
  const scripts = await page.evaluate(() => (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter((one) => one.initiatorType === "script" || one.name.endsWith(".js")).reduce((sum, one) => sum + one.encodedBodySize, 0));
  await page.evaluate(atRest);
  say("Scrolling up");
  const up = await page.evaluate(scrollTo, { speed: -SPEED_PX_S });
  say(`  ${up.length} frames`);
  say("Scrolling down");
  const down = await page.evaluate(scrollTo, { speed: SPEED_PX_S });
  say(`  ${down.length} frames`);
  return { messages, ...frames([...up, ...down]), first_load_js_kb: Math.round(scripts / 100) / 10, up: frames(up), down: frames(down) };
}
