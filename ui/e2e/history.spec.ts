import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Channel } from "../src/protocol/generated";
import { house } from "./harness/house";
import type { Person } from "./harness/person";
import { fillChannel, idsOf } from "./harness/seed";
import { inView, list, row, say, sees, until } from "./harness/screen";

const MANY = 2_000;
const STEP_PX = 700;

const home = house();
let jonas: Person;
let channel: Channel;
let ids: string[];

beforeAll(async () => {
  jonas = await home.friend("jonas");
  channel = await home.channel("archive");
  await fillChannel([home.owner, jonas], channel.id, MANY);
  ids = await idsOf(jonas, channel.id);
});

/** What was in view while the page was scrolled, and how far things moved from one frame to the next. */
interface Travel {
  seen: string[];
  /** The largest move against the direction of the scrolling, in pixels. */
  back: number;
  /** The largest move at once. */
  leap: number;
}

/** Scrolls with the wheel until an end is reached, watching each frame. */
async function travel(page: Page, direction: -1 | 1, done: () => Promise<boolean>): Promise<Travel> {
  await list(page).hover();
  await page.evaluate((sign) => {
    const scroller = document.querySelector<HTMLElement>("[role=region][aria-label^='Messages in']")!;
    const watch = { seen: new Set<string>(), back: 0, leap: 0, stop: false };
    (window as unknown as { watch: typeof watch }).watch = watch;
    let before = new Map<string, number>();
    const look = () => {
      const now = new Map<string, number>();
      const box = scroller.getBoundingClientRect();
      for (const article of scroller.querySelectorAll<HTMLElement>("[data-message]")) {
        const at = article.getBoundingClientRect();
        if (at.bottom <= box.top || at.top >= box.bottom) continue;
        now.set(article.dataset["message"]!, at.top);
        watch.seen.add(article.dataset["message"]!);
      }
      for (const [id, top] of now) {
        const old = before.get(id);
        if (old === undefined) continue;
        // Scrolling up moves things down.
        const moved = (top - old) * -sign;
        watch.back = Math.max(watch.back, -moved);
        watch.leap = Math.max(watch.leap, moved);
      }
      before = now;
      if (!watch.stop) requestAnimationFrame(after);
    };
    // What was painted is known after the frame: sizes that are found while it is laid out are evened out in it.
    const channel = new MessageChannel();
    channel.port1.onmessage = look;
    const after = () => channel.port2.postMessage(null);
    requestAnimationFrame(after);
  }, direction);
  while (!(await done())) {
    await page.mouse.wheel(0, direction * STEP_PX);
    await page.evaluate(() => new Promise((frame) => requestAnimationFrame(() => requestAnimationFrame(frame))));
  }
  return page.evaluate(() => {
    const { watch } = window as unknown as { watch: { seen: Set<string>; back: number; leap: number; stop: boolean } };
    watch.stop = true;
    return { seen: [...watch.seen], back: watch.back, leap: watch.leap };
  });
}

const inOrder = (seen: string[]) => [...seen].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));

test("all of a long history passes by on the way up, and nothing jumps under the eye", async () => {
  const page = await home.enter(jonas, channel);
  await sees(row(page, ids.at(-1)!));
  const up = await travel(page, -1, () => inView(list(page).getByRole("heading", { level: 2, name: "archive" })));
  expect(inOrder(up.seen)).toEqual(ids);
  expect(up.back).toBeLessThan(4);
  expect(up.leap).toBeLessThan(STEP_PX * 3);
}, 120_000);

test("from the middle, where a link leads, it goes on both ways", async () => {
  const middle = ids[MANY / 2]!;
  const page = await home.visit(jonas, { path: `${home.pathOf(channel)}/${middle}` });
  await sees(row(page, middle));
  await sees(page.getByRole("button", { name: /jump to present/i }));
  const up = await travel(page, -1, () => inView(row(page, ids[MANY / 2 - 300]!)));
  expect(up.back).toBeLessThan(4);
  const down = await travel(page, 1, () => inView(row(page, ids.at(-1)!)));
  expect(down.back).toBeLessThan(4);
  expect(down.leap).toBeLessThan(STEP_PX * 3);
  const seen = inOrder(down.seen);
  expect(seen).toEqual(ids.slice(ids.indexOf(seen[0]!)));
}, 120_000);

test("what comes while one reads far up does not move what is read", async () => {
  await jonas.api.channels.markRead(channel.id, { message_id: ids.at(-1)! });
  const page = await home.visit(jonas, { path: `${home.pathOf(channel)}/${ids[1_500]!}` });
  const read = row(page, ids[1_500]!);
  await sees(read);
  await until(() => read.getAttribute("data-lit")).toBeNull();
  const before = (await read.boundingBox())!.y;
  await home.owner.api.messages.send(channel.id, { content: "News from below" });
  await sees(page.getByRole("button", { name: /1 new, jump to present/ }));
  expect(Math.abs((await read.boundingBox())!.y - before)).toBeLessThan(1);
  await page.getByRole("button", { name: /jump to present/ }).click();
  await sees(list(page).getByText("News from below"));
});

test("who is at the end stays there while others write, and comes back to it by writing", async () => {
  const page = await home.enter(jonas, channel);
  for (let i = 0; i < 5; i++) await home.owner.api.messages.send(channel.id, { content: `Right now ${i}\n\nwith\n\nheight` });
  await sees(list(page).getByText("Right now 4"));
  const toEnd = () => list(page).evaluate((scroller) => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop);
  await until(toEnd).toBeLessThan(2);
  await list(page).hover();
  await page.mouse.wheel(0, -5_000);
  await until(toEnd).toBeGreaterThan(600);
  await say(page, "Back again");
  await sees(list(page).getByText("Back again"));
  await until(toEnd).toBeLessThan(2);
});
