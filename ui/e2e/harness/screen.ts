import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** How long a loaded machine may take for what a quiet one does at once. */
export const PATIENCE_MS = 20_000;

/* What is on the screen, by the names that people and screen readers know. */

export const composer = (page: Page): Locator => page.getByRole("textbox", { name: /^Message #/ });
export const list = (page: Page): Locator => page.getByRole("region", { name: /^Messages in / });
/** A message that the server has. */
export const message = (page: Page, text: string | RegExp): Locator => list(page).locator("article[data-message]").filter({ hasText: text });
export const row = (page: Page, id: string): Locator => list(page).locator(`[data-message="${id}"]`);
/** A message on its way. */
export const outgoing = (page: Page, text: string): Locator => list(page).locator("article[data-outgoing]").filter({ hasText: text });
export const channelLink = (page: Page, name: string | RegExp): Locator => page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name });
export const spaceLink = (page: Page, name: string | RegExp): Locator => page.getByRole("navigation", { name: "Spaces" }).getByRole("link", { name });
export const dialog = (page: Page, name?: string | RegExp): Locator => page.getByRole("dialog", name === undefined ? {} : { name });
export const toast = (page: Page, text: string | RegExp): Locator => page.getByRole("region", { name: "Notices" }).getByText(text);
/** A field for text, by the whole of its label. */
export const field = (page: Page | Locator, label: string): Locator => page.getByRole("textbox", { name: label, exact: true });
export const title = (page: Page): Locator => page.getByRole("heading", { level: 1 });

/** Writes a message and sends it with the keyboard. */
export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** Where settings wait to be saved. */
export const saveBar = (page: Page): Locator => page.getByRole("region", { name: "Unsaved changes" });
export async function save(page: Page): Promise<void> {
  await saveBar(page).getByRole("button", { name: "Save" }).click();
  await gone(saveBar(page));
}

/** What the browser's console says of a request that was refused. */
export const refused = /status of 4\d\d/;

/** Chooses something from the menu of a message. */
export async function inMenu(page: Page, text: string | RegExp, entry: string): Promise<void> {
  await message(page, text).hover();
  await message(page, text).getByRole("toolbar").getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

/** Chooses something from the menu of the open space. */
export async function inSpaceMenu(page: Page, entry: string): Promise<void> {
  await page.getByRole("button", { name: /: space menu$/ }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

/** It is on the screen, or will be soon. */
export const sees = (what: Locator, timeout = PATIENCE_MS): Promise<void> => what.first().waitFor({ state: "visible", timeout });
/** It is not on the screen, or soon will not be. */
export const gone = (what: Locator, timeout = PATIENCE_MS): Promise<void> => what.first().waitFor({ state: "hidden", timeout });

/** Whether it is drawn within its list, not above or below what is seen of it. */
export const inView = async (what: Locator): Promise<boolean> =>
  (await what.count()) > 0 &&
  what.evaluate((element) => {
    const [box, frame] = [element.getBoundingClientRect(), element.closest("[role=region]")!.getBoundingClientRect()];
    return box.top < frame.bottom && box.bottom > frame.top && box.bottom <= frame.bottom + 1;
  });

/** Something holds, or will soon. */
export const until = <T>(what: () => Promise<T> | T) => expect.poll(what, { timeout: PATIENCE_MS, interval: 50 });

/** How long it takes until something is so, in milliseconds. */
export async function timed(what: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await what();
  return performance.now() - start;
}
