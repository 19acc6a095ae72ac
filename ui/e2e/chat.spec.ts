import { beforeAll, expect, test } from "vitest";
import { house } from "./harness/house";
import type { Person } from "./harness/person";
import { channelLink, composer, gone, inMenu, list, message, outgoing, row, say, sees, title, toast, until } from "./harness/screen";

const home = house();
let jonas: Person;

beforeAll(async () => {
  jonas = await home.friend("jonas");
});

test("in slow mode the second message waits, and is sent when its time has come", async () => {
  const slow = await home.channel("slow");
  await home.owner.api.channels.update(slow.id, { slow_mode_s: 5 });
  const page = await home.enter(jonas, slow);
  home.visits.allow(/status of 429/);
  await sees(page.getByText("Slow mode: one message every 5 s"));
  await say(page, "First");
  await sees(message(page, "First"));
  await say(page, "Second");
  await sees(outgoing(page, "Second").getByText(/Is sent in \d s/));
  await sees(message(page, "Second"));
  const { messages } = await jonas.api.messages.list(slow.id, {});
  expect(messages.map((one) => one.content)).toEqual(["First", "Second"]);
});

test("those who keep order are not slowed", async () => {
  const slow = await home.channel("slow-for-others");
  await home.owner.api.channels.update(slow.id, { slow_mode_s: 600 });
  const page = await home.enter(home.owner, slow);
  await say(page, "First");
  await say(page, "Second");
  await sees(message(page, "Second"));
});

test("a deleted message comes back with undo, for all", async () => {
  const channel = await home.channel("undo");
  const [mine, theirs] = [await home.enter(jonas, channel), await home.enter(home.owner, channel)];
  await say(mine, "Regretted");
  await sees(message(theirs, "Regretted"));
  await inMenu(mine, "Regretted", "Delete");
  await gone(message(theirs, "Regretted"));
  await mine.getByRole("region", { name: "Notices" }).getByRole("button", { name: "Undo" }).click();
  await sees(message(theirs, "Regretted"));
  await sees(message(mine, "Regretted"));
});

test("one leads from a pin and from a reply to a message far up", async () => {
  const channel = await home.channel("long");
  const { api } = home.owner;
  const first = await api.messages.send(channel.id, { content: "Where it all began" });
  for (let i = 0; i < 120; i++) await api.messages.send(channel.id, { content: `Line ${i}` });
  await api.messages.pin(channel.id, first.id);
  await api.messages.send(channel.id, { content: "As I said", reply_to: first.id });
  const page = await home.enter(jonas, channel);
  await sees(message(page, "As I said"));
  expect(await row(page, first.id).count()).toBe(0);

  await message(page, "As I said").getByRole("button", { name: /^In reply to Marta/ }).click();
  await sees(row(page, first.id));
  await page.getByRole("button", { name: /jump to present/i }).click();
  await sees(message(page, "As I said"));
  await gone(row(page, first.id));

  await page.getByRole("button", { name: "Pinned messages" }).click();
  await page.getByRole("complementary").getByRole("button", { name: "Show in the channel" }).click();
  await sees(row(page, first.id));
  await until(() => row(page, first.id).getAttribute("data-lit")).not.toBeNull();
});

test("a link to a message opens the channel there", async () => {
  const channel = await home.channel("linked");
  const first = await home.owner.api.messages.send(channel.id, { content: "The one that is linked" });
  for (let i = 0; i < 120; i++) await home.owner.api.messages.send(channel.id, { content: `Line ${i}` });
  const page = await home.visit(jonas, { path: `${home.pathOf(channel)}/${first.id}` });
  await sees(message(page, "The one that is linked"));
  await inMenu(page, "The one that is linked", "Copy link");
  await sees(toast(page, "Link copied"));
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${home.base}${home.pathOf(channel)}/${first.id}`);
});

test("what is typed stays with its channel", async () => {
  const [one, two] = [await home.channel("one"), await home.channel("two")];
  const page = await home.enter(jonas, one);
  await composer(page).fill("for one");
  await channelLink(page, "two").click();
  await sees(title(page).filter({ hasText: "two" }));
  expect(await composer(page).inputValue()).toBe("");
  await composer(page).fill("for two");
  await sees(channelLink(page, "one").getByLabel("Draft"));
  await page.reload();
  await sees(title(page).filter({ hasText: "two" }));
  expect(await composer(page).inputValue()).toBe("for two");
  await channelLink(page, "one").click();
  await sees(title(page).filter({ hasText: "one" }));
  expect(await composer(page).inputValue()).toBe("for one");
  await composer(page).press("Enter");
  await sees(message(page, "for one"));
  await gone(channelLink(page, "one").getByLabel("Draft"));
  expect((await jonas.api.messages.list(one.id, {})).messages).toHaveLength(1);
  expect((await jonas.api.messages.list(two.id, {})).messages).toHaveLength(0);
});

test("a message that is too long is counted, and not sent", async () => {
  const channel = await home.channel("too-long");
  const page = await home.enter(jonas, channel);
  await composer(page).fill("x".repeat(4_002));
  await sees(page.getByRole("status").filter({ hasText: "-2" }));
  await composer(page).press("Enter");
  expect(await page.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
  await composer(page).fill("x".repeat(4_000));
  await composer(page).press("Enter");
  await sees(message(page, "xxxx"));
});

test("where one may not write the composer says so, at once", async () => {
  const channel = await home.channel("silent");
  const page = await home.enter(jonas, channel);
  await sees(composer(page));
  await home.owner.api.channels.setOverwrite(channel.id, { kind: "role", id: home.space }, { allow: "0", deny: String(1 << 1) });
  await sees(page.getByText("You can read here, but not write."));
  await gone(composer(page));
  await home.owner.api.channels.removeOverwrite(channel.id, { kind: "role", id: home.space });
  await sees(composer(page));
});

test("a message marked unread stays so until one leaves", async () => {
  const channel = await home.channel("again-later");
  for (const text of ["Alpha", "Beta", "Gamma"]) await home.owner.api.messages.send(channel.id, { content: text });
  const page = await home.enter(jonas, channel);
  await sees(message(page, "Gamma"));
  await inMenu(page, "Beta", "Mark unread from here");
  await sees(channelLink(page, "again-later, unread"));
  await channelLink(page, /^general/).click();
  await sees(title(page).filter({ hasText: "general" }));
  await channelLink(page, "again-later, unread").click();
  await sees(list(page).getByText("New since you left"));
  const order = await list(page).locator("h3, article").allInnerTexts();
  const fresh = order.findIndex((text) => text.includes("New since you left"));
  expect(order[fresh + 1]).toContain("Beta");
});

test("markdown is drawn, and nothing in it is ever HTML", async () => {
  const channel = await home.channel("marks");
  const text = ["**bold** *slanted* __under__ ~~gone~~ `code`", "- one", "- two", "", "> quoted", "", "||secret||", "", "```js", "const x = 1;", "```", "<img src=x onerror=alert(1)> https://example.org/a_b_c"].join("\n");
  await home.owner.api.messages.send(channel.id, { content: text });
  const page = await home.enter(jonas, channel);
  const row = message(page, "bold");
  await sees(row);
  for (const tag of ["strong", "em", "u", "s, del", "code", "ul > li", "blockquote", "pre"]) expect(await row.locator(tag).count(), tag).toBeGreaterThan(0);
  expect(await row.locator("li").first().evaluate((item) => getComputedStyle(item).listStyleType)).toBe("disc");
  expect(await row.locator("img").count()).toBe(0);
  expect(await row.getByRole("link").getAttribute("href")).toBe("https://example.org/a_b_c");
  const secret = row.getByRole("button", { name: /spoiler|hidden/i });
  await secret.click();
  await sees(row.getByText("secret", { exact: true }));
  await until(() => row.locator("pre span").count()).toBeGreaterThan(0);
});

test("two who write at the same time see the same order", async () => {
  const channel = await home.channel("busy");
  const [a, b] = [await home.enter(jonas, channel), await home.enter(home.owner, channel)];
  const write = async (page: typeof a, who: string) => {
    for (let i = 0; i < 8; i++) await say(page, `${who} ${i}`);
  };
  await Promise.all([write(a, "jonas"), write(b, "marta")]);
  const texts = (page: typeof a) => list(page).locator("article[data-message]").evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset["message"]));
  const there = async () => (await jonas.api.messages.list(channel.id, {})).messages.map((one) => one.id);
  await until(async () => (await there()).length).toBe(16);
  const order = await there();
  for (const page of [a, b]) await until(() => texts(page)).toEqual(order);
});
