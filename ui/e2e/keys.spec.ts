import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { house } from "./harness/house";
import type { Person } from "./harness/person";
import { channelLink, composer, dialog, gone, list, message, say, sees, title, until } from "./harness/screen";

const home = house();
let jonas: Person;

beforeAll(async () => {
  jonas = await home.friend("jonas");
  await home.channel("alpha");
  await home.channel("beta");
  const games = await jonas.api.spaces.create({ name: "Board games", public: false });
  await jonas.api.channels.create(games.id, { kind: "text", name: "dice", overwrites: [] });
});

const at = (page: Page, name: string) => sees(title(page).filter({ hasText: name }));
const hasFocus = (page: Page, name: string | RegExp) => until(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent)).toMatch(name);

test("the switcher goes to a channel by a few letters, and gives the focus back", async () => {
  const page = await home.enter(jonas);
  await composer(page).focus();
  await page.keyboard.press("Control+k");
  const search = page.getByRole("combobox", { name: "Channel, space or person" });
  await until(() => search.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.press("Escape");
  await gone(dialog(page));
  await hasFocus(page, /^Message #general/);

  await page.keyboard.press("Control+k");
  await search.fill("bet");
  await sees(page.getByRole("option", { name: /beta/ }));
  await page.keyboard.press("Enter");
  await at(page, "beta");
});

test("the switcher finds channels of other spaces, spaces and people, and says when there is nothing", async () => {
  const page = await home.enter(jonas);
  const search = page.getByRole("combobox", { name: "Channel, space or person" });
  await page.keyboard.press("Control+k");
  await search.fill("#dice");
  await sees(page.getByRole("option", { name: /dice.*Board games/ }));
  await search.fill("*board");
  await sees(page.getByRole("option", { name: /Board games/ }));
  await search.fill("zzz");
  await sees(dialog(page).getByText("Nothing is called that."));
  await search.fill("@mar");
  await page.keyboard.press("Enter");
  await sees(dialog(page).getByRole("heading", { name: "Marta" }));
  await dialog(page).getByRole("button", { name: "Back" }).click();
  await search.fill("");
  await sees(page.getByRole("option").nth(2));
  const first = await page.locator("[role=option][aria-selected=true]").innerText();
  await page.keyboard.press("ArrowDown");
  await until(() => page.locator("[role=option][aria-selected=true]").innerText()).not.toBe(first);
});

test("Alt and the arrows step through channels, with Shift the unread ones, with Ctrl the spaces", async () => {
  const page = await home.enter(jonas);
  await page.keyboard.press("Alt+ArrowDown");
  await at(page, "Fireside");
  await page.keyboard.press("Alt+ArrowUp");
  await at(page, "general");
  const beta = await channelOf("beta");
  await home.owner.api.messages.send(beta, { content: "Over here" });
  await sees(channelLink(page, "beta, unread"));
  await page.keyboard.press("Alt+Shift+ArrowDown");
  await at(page, "beta");
  await page.keyboard.press("Control+Alt+ArrowDown");
  await sees(page.getByRole("button", { name: /^Board games/ }));
});

test("the page of shortcuts opens and closes with its own", async () => {
  const page = await home.enter(jonas);
  await page.keyboard.press("Control+/");
  await sees(dialog(page, "Keyboard shortcuts").getByText("Go to a channel, space or person"));
  await page.keyboard.press("Control+/");
  await gone(dialog(page));
});

test("the settings open with a shortcut and close with Escape to where one was", async () => {
  const page = await home.enter(jonas);
  await page.keyboard.press("Control+,");
  await sees(page.getByRole("navigation", { name: "Settings" }));
  await page.keyboard.press("Escape");
  await at(page, "general");
});

test("messages are walked through with the arrows, and their keys work", async () => {
  const channel = await home.channel("walk");
  for (const text of ["First line", "Second line"]) await home.owner.api.messages.send(channel.id, { content: text });
  const page = await home.enter(jonas, channel);
  await say(page, "My own line");
  await sees(message(page, "My own line"));
  await list(page).focus();
  await page.keyboard.press("ArrowUp");
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await until(focused).toContain("My own line");
  await page.keyboard.press("ArrowUp");
  await until(focused).toContain("Second line");
  await page.keyboard.press("ArrowUp");
  await until(focused).toContain("First line");

  await page.keyboard.press("r");
  await sees(page.getByText("Reply to Marta"));
  await page.keyboard.press("Escape");
  await gone(page.getByText("Reply to Marta"));

  await message(page, "First line").focus();
  await page.keyboard.press("+");
  await sees(page.getByRole("combobox", { name: "Search emoji" }));
  await page.keyboard.press("Escape");
  await gone(page.getByRole("combobox", { name: "Search emoji" }));

  await message(page, "My own line").focus();
  await page.keyboard.press("e");
  await sees(page.getByLabel("Edit message"));
  await page.keyboard.press("Escape");
  await message(page, "My own line").focus();
  await page.keyboard.press("Shift+F10");
  await sees(page.getByRole("menu").getByRole("menuitem", { name: "Copy text" }));
  await page.keyboard.press("Escape");
  await gone(page.getByRole("menu"));
  await message(page, "My own line").focus();
  await page.keyboard.press("Delete");
  await gone(message(page, "My own line"));
});

test("typing anywhere writes into the composer", async () => {
  const page = await home.enter(jonas);
  await list(page).focus();
  await page.keyboard.type("hey");
  expect(await composer(page).inputValue()).toBe("hey");
});

test("all of a channel is reached with Tab, and the focus is always seen", async () => {
  const page = await home.enter(home.owner);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const names = new Set<string>();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (!element || element === document.body) return null;
      const style = getComputedStyle(element);
      const marked = style.outlineStyle !== "none" || style.boxShadow !== "none" || element.matches("textarea");
      return { name: element.getAttribute("aria-label") ?? element.textContent ?? "", marked };
    });
    // Past the last one the browser's own buttons come.
    if (!found) continue;
    expect(found.marked, `the focus on “${found.name}” is seen`).toBe(true);
    names.add(found.name);
  }
  for (const name of ["Home", "Add a space", "general", "Settings", "Pinned messages", "Members", "Message #general"]) expect([...names], name).toContain(name);
});

async function channelOf(name: string): Promise<string> {
  const { channels } = await home.owner.api.spaces.get(home.space);
  return channels.find((channel) => channel.name === name)!.id;
}
