import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { house } from "./harness/house";
import type { Person } from "./harness/person";
import { channelLink, dialog, field, gone, inSpaceMenu, message, say, sees, title, toast, until } from "./harness/screen";

const home = house();
let jonas: Person;

beforeAll(async () => {
  jonas = await home.friend("jonas");
});

/** The channels as they stand in the tree, with the categories in capitals. */
const tree = (page: Page) =>
  page
    .getByRole("navigation", { name: "Channels" })
    .locator("a, button[aria-expanded]")
    .evaluateAll((rows) => rows.map((row) => (row.tagName === "A" ? (row.getAttribute("aria-label") ?? "").split(",")[0]! : (row.textContent ?? "").trim().toUpperCase())));

test("channels are put in order with the mouse, for all", async () => {
  for (const name of ["one", "two", "three"]) await home.channel(name);
  const [marta, other] = [await home.enter(home.owner), await home.enter(jonas)];
  await until(() => tree(marta)).toEqual(["general", "Fireside", "one", "two", "three"]);
  await channelLink(marta, "three").dragTo(channelLink(marta, "one"), { targetPosition: { x: 40, y: 4 } });
  for (const page of [marta, other]) await until(() => tree(page)).toEqual(["general", "Fireside", "three", "one", "two"]);
});

test("a channel is dragged into a category and out of it", async () => {
  const page = await home.enter(home.owner);
  await inSpaceMenu(page, "New category");
  await field(dialog(page), "Name").fill("Talk");
  await dialog(page).getByRole("button", { name: "Create category" }).click();
  await gone(dialog(page));
  const talk = page.getByRole("navigation", { name: "Channels" }).getByRole("button", { name: "Talk", exact: true });
  await sees(talk);
  await channelLink(page, "two").dragTo(talk);
  await until(() => tree(page)).toEqual(["general", "Fireside", "three", "one", "TALK", "two"]);
  await channelLink(page, "two").dragTo(channelLink(page, "general"), { targetPosition: { x: 40, y: 4 } });
  await until(() => tree(page)).toEqual(["two", "general", "Fireside", "three", "one", "TALK"]);
});

test("channels are put in order with the keyboard, and it is said", async () => {
  const page = await home.enter(home.owner);
  await until(() => tree(page)).toEqual(["two", "general", "Fireside", "three", "one", "TALK"]);
  await channelLink(page, "two").focus();
  await page.keyboard.press("Alt+ArrowDown");
  await until(() => tree(page)).toEqual(["general", "two", "Fireside", "three", "one", "TALK"]);
  await sees(page.getByRole("navigation", { name: "Channels" }).getByRole("status").getByText("two moved down"));
  await until(() => channelLink(page, "two").evaluate((link) => link === document.activeElement)).toBe(true);
  await channelLink(page, "one").focus();
  await page.keyboard.press("Alt+ArrowDown");
  await until(() => tree(page)).toEqual(["general", "two", "Fireside", "three", "TALK", "one"]);
});

test("whoever may not order channels cannot drag them", async () => {
  const page = await home.enter(jonas);
  expect(await channelLink(page, "two").getAttribute("draggable")).toBe("false");
});

test("a folded category hides what is read, and stays folded", async () => {
  const page = await home.enter(home.owner);
  const talk = page.getByRole("navigation", { name: "Channels" }).getByRole("button", { name: "Talk", exact: true });
  await sees(channelLink(page, "one"));
  await talk.click();
  await gone(channelLink(page, "one"));
  await page.reload();
  await sees(talk);
  expect(await talk.getAttribute("aria-expanded")).toBe("false");
  const one = (await home.owner.api.spaces.get(home.space)).channels.find((channel) => channel.name === "one")!;
  await jonas.api.messages.send(one.id, { content: "Knock" });
  await sees(channelLink(page, "one, unread"));
});

test("a new channel opens, and the others have it at once", async () => {
  const [marta, other] = [await home.enter(home.owner), await home.enter(jonas)];
  await inSpaceMenu(marta, "New channel");
  await field(dialog(marta), "Name").fill("kitchen");
  await dialog(marta).getByRole("button", { name: "Create channel" }).click();
  await sees(title(marta).filter({ hasText: "kitchen" }));
  await sees(channelLink(other, "kitchen"));
  await say(marta, "First");
  await sees(channelLink(other, "kitchen, unread"));
});

test("a private channel is seen by its maker only", async () => {
  const [marta, other] = [await home.enter(home.owner), await home.enter(jonas)];
  await inSpaceMenu(marta, "New channel");
  await field(dialog(marta), "Name").fill("surprise");
  await dialog(marta).getByText("Private channel").click();
  await dialog(marta).getByRole("button", { name: "Create channel" }).click();
  await sees(title(marta).filter({ hasText: "surprise" }));
  await home.channel("after-it");
  await sees(channelLink(other, "after-it"));
  expect(await channelLink(other, "surprise").count()).toBe(0);
});

test("a deleted channel is gone for all, and comes back with undo and with all that was in it", async () => {
  // It may be gone just before it is told as read.
  home.visits.allow(/404 \(Not Found\) .*\/read/);
  const cellar = await home.channel("cellar");
  await jonas.api.messages.send(cellar.id, { content: "Left behind" });
  const [marta, other] = [await home.enter(home.owner), await home.enter(jonas, cellar)];
  await sees(message(other, "Left behind"));
  await channelLink(marta, /^cellar/).click({ button: "right" });
  await marta.getByRole("menuitem", { name: "Delete channel" }).click();
  await marta.getByRole("alertdialog").getByRole("button", { name: "Delete channel" }).click();
  await gone(channelLink(other, "cellar"));
  await sees(title(other).filter({ hasNotText: "cellar" }));
  await marta.getByRole("region", { name: "Notices" }).getByRole("button", { name: "Undo" }).click();
  await channelLink(other, /^cellar/).click();
  await sees(message(other, "Left behind"));
});

test("a channel is marked as read, and its link copied, from its menu", async () => {
  const page = await home.enter(jonas);
  const news = await home.channel("news");
  await home.owner.api.messages.send(news.id, { content: "Extra" });
  await channelLink(page, "news, unread").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Mark as read" }).click();
  await sees(channelLink(page, /^news$/));
  await channelLink(page, /^news$/).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Copy link" }).click();
  await sees(toast(page, "Link copied"));
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(home.base + home.pathOf(news));
});
