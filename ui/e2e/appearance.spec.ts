import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { house } from "./harness/house";
import { composer, message, say, sees, title, until } from "./harness/screen";

const home = house();

/** How bright the paper behind the messages is, from 0 to 255. */
const brightness = (page: Page) =>
  page.evaluate(() => {
    for (let at: Element | null = document.querySelector("main"); at; at = at.parentElement) {
      const [red = 0, green = 0, blue = 0, alpha = 1] = getComputedStyle(at).backgroundColor.match(/[\d.]+/g)!.map(Number);
      if (alpha > 0.5) return (red + green + blue) / 3;
    }
    return 255;
  });
const choose = async (page: Page, theme: string) => {
  await page.goto("/settings/appearance");
  await page.getByRole("radio", { name: theme, exact: true }).check();
  await page.keyboard.press("Escape");
  await sees(title(page).filter({ hasText: "general" }));
};

test("the app follows the system, unless a theme is chosen, which stays", async () => {
  const page = await home.enter(home.owner);
  expect(await brightness(page)).toBeGreaterThan(220);
  await page.emulateMedia({ colorScheme: "dark" });
  await until(() => brightness(page)).toBeLessThan(60);
  await choose(page, "Light");
  await until(() => brightness(page)).toBeGreaterThan(220);
  await choose(page, "Dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.reload();
  await until(() => brightness(page)).toBeLessThan(60);
  await choose(page, "Like the system");
  await until(() => brightness(page)).toBeGreaterThan(220);
});

test("the translucent theme blurs what is behind the panels, light and dark", async () => {
  const page = await home.enter(home.owner);
  await choose(page, "Translucent");
  const blurred = () => page.evaluate(() => [...document.querySelectorAll("*")].filter((element) => getComputedStyle(element).backdropFilter.includes("blur")).length);
  await until(blurred).toBeGreaterThan(0);
  await page.emulateMedia({ colorScheme: "dark" });
  await until(() => page.evaluate(() => getComputedStyle(document.body).color)).toMatch(/rgb\(2\d\d/);
});

test("text becomes larger and lines closer as one likes", async () => {
  const page = await home.enter(home.owner);
  await say(page, "How tall am I?");
  await sees(message(page, "How tall am I?"));
  const size = () => composer(page).evaluate((field) => Number.parseFloat(getComputedStyle(field).fontSize));
  const height = async () => (await message(page, "How tall am I?").boundingBox())!.height;
  const [size0, height0] = [await size(), await height()];
  await page.goto("/settings/appearance");
  await page.getByRole("radio", { name: "Larger", exact: true }).check();
  await page.goto(home.pathOf(home.general));
  await until(size).toBeGreaterThan(size0 * 1.2);
  await page.goto("/settings/appearance");
  await page.getByRole("radio", { name: "Normal", exact: true }).check();
  await page.getByRole("radio", { name: /^Compact/ }).check();
  await page.goto(home.pathOf(home.general));
  await sees(message(page, "How tall am I?"));
  await until(height).toBeLessThan(height0);
});
