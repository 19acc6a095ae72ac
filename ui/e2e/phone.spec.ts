import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { house } from "./harness/house";
import type { Person } from "./harness/person";
import { channelLink, composer, gone, message, say, sees, spaceLink, title } from "./harness/screen";
import { NARROW, PHONE } from "./harness/visits";

const home = house();
const SMALLEST = { width: 360, height: 640 };
let jonas: Person;

beforeAll(async () => {
  jonas = await home.friend("jonas");
  await home.channel("plans");
});

const nav = (page: Page) => page.getByRole("button", { name: /^Spaces and channels/ });
/** Nothing is wider than the screen. */
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.body.scrollWidth <= innerWidth);

test("on a phone channels are in a drawer that closes when one is chosen", async () => {
  const page = await home.enter(jonas, home.general, { size: PHONE });
  await gone(channelLink(page, "plans"));
  await nav(page).click();
  await channelLink(page, "plans").click();
  await sees(title(page).filter({ hasText: "plans" }));
  await gone(channelLink(page, "plans"));
  await say(page, "From the tram");
  await sees(message(page, "From the tram"));
  expect(await fits(page)).toBe(true);
});

test("on a phone the drawer closes with a tap beside it and with Escape", async () => {
  const page = await home.enter(jonas, home.general, { size: PHONE });
  for (const close of [() => page.getByRole("button", { name: "Close the panel" }).click({ position: { x: 380, y: 400 } }), () => page.keyboard.press("Escape")]) {
    await nav(page).click();
    await sees(page.getByRole("button", { name: "Close the panel" }));
    await close();
    await gone(page.getByRole("button", { name: "Close the panel" }));
  }
});

test("on a phone the members come over the messages, and go again", async () => {
  const page = await home.enter(jonas, home.general, { size: PHONE });
  await page.getByRole("button", { name: "Members", exact: true }).click();
  const panel = page.getByRole("complementary", { name: "Members" });
  await sees(panel.getByText("Marta"));
  await panel.getByRole("button", { name: "Close" }).click();
  await gone(panel);
});

test("on a phone the menu button tells of mentions elsewhere", async () => {
  const page = await home.enter(jonas, home.general, { size: PHONE });
  const { channels } = await home.owner.api.spaces.get(home.space);
  await home.owner.api.messages.send(channels.find((channel) => channel.name === "plans")!.id, { content: `<@${jonas.id}>` });
  await sees(page.getByRole("button", { name: "Spaces and channels, 1 mention", exact: true }));
});

test("on a phone the settings are a list, a page, and the way back", async () => {
  const page = await home.enter(jonas, home.general, { size: PHONE });
  await nav(page).click();
  await page.getByRole("button", { name: "Settings" }).click();
  const settings = page.getByRole("navigation", { name: "Settings" });
  await settings.getByRole("button", { name: "Appearance" }).click();
  await sees(page.getByRole("heading", { name: "Appearance" }));
  await gone(settings.getByRole("button", { name: "Sessions" }));
  await page.getByRole("button", { name: "Back" }).click();
  await sees(settings.getByRole("button", { name: "Sessions" }));
  await page.getByRole("button", { name: "Close" }).first().click();
  await sees(composer(page));
});

test("a long press on a message opens its menu", async () => {
  const page = await home.enter(jonas, home.general, { size: PHONE });
  await say(page, "Press me long");
  await sees(message(page, "Press me long"));
  const box = (await message(page, "Press me long").boundingBox())!;
  const touch = await page.context().newCDPSession(page);
  await touch.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x: box.x + 120, y: box.y + box.height - 8 }] });
  await sees(page.getByRole("menuitem", { name: "Copy text" }));
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
});

test("nothing is wider than the smallest phone", async () => {
  await home.owner.api.messages.send(home.general.id, { content: `${"w".repeat(300)}\n\`\`\`\n${"code ".repeat(60)}\n\`\`\`\nhttps://example.org/${"path/".repeat(40)}` });
  await home.owner.api.channels.update(home.general.id, { topic: "A topic that is much longer than a phone is wide, and then some more" });
  const page = await home.enter(home.owner, home.general, { size: SMALLEST });
  await sees(message(page, "www"));
  const places = ["/home", "/settings/profile", "/settings/sessions", "/settings/appearance", `/spaces/${home.space}/settings/roles/${home.space}`, `/spaces/${home.space}/settings/channels/${home.general.id}/permissions`, `/spaces/${home.space}/settings/invites`, "/admin/overview", "/admin/people", "/api-docs"];
  expect(await fits(page), "a channel").toBe(true);
  for (const place of places) {
    await page.goto(place);
    await sees(page.getByRole("heading"));
    expect(await fits(page), place).toBe(true);
  }
});

test("on a tablet channels stand beside the messages, members come over them", async () => {
  const page = await home.enter(jonas, home.general, { size: NARROW });
  await sees(channelLink(page, /^general/));
  await sees(spaceLink(page, /Snug/));
  await gone(page.getByRole("complementary", { name: "Members" }));
  await page.getByRole("button", { name: "Members", exact: true }).click();
  await sees(page.getByRole("complementary", { name: "Members" }).getByText("Marta"));
  await page.keyboard.press("Escape");
  await gone(page.getByRole("complementary", { name: "Members" }));
});
