import { beforeAll, expect, test } from "vitest";
import { house } from "./harness/house";
import type { Person } from "./harness/person";
import { composer, gone, message, say, sees, until } from "./harness/screen";

const home = house();
let jonas: Person;

beforeAll(async () => {
  jonas = await home.friend("jonas");
  await home.friend({ username: "ilse", name: "Ilse Berg" });
  await home.owner.api.roles.create(home.space, { name: "Cooks", hoist: false, mentionable: true });
  await home.channel("recipes");
});

test("people are completed after @, and mentioned", async () => {
  const page = await home.enter(jonas);
  await composer(page).pressSequentially("Hello @il");
  const options = page.getByRole("listbox", { name: "Suggestions" }).getByRole("option");
  await sees(options.filter({ hasText: "Ilse Berg" }));
  await composer(page).press("Tab");
  expect(await composer(page).inputValue()).toBe("Hello @Ilse Berg ");
  await composer(page).press("Enter");
  const mention = message(page, "Hello").getByRole("button", { name: "@Ilse Berg" });
  await sees(mention);
  await mention.click();
  await sees(page.getByRole("dialog", { name: "Profile of Ilse Berg" }));
});

test("roles that are open to it are offered, everyone only to those who may", async () => {
  const page = await home.enter(jonas);
  await composer(page).pressSequentially("@c");
  await sees(page.getByRole("option", { name: /Cooks/ }));
  await composer(page).fill("");
  await composer(page).pressSequentially("@every");
  await gone(page.getByRole("option"));
  const owner = await home.enter(home.owner);
  await composer(owner).pressSequentially("@every");
  await sees(owner.getByRole("option", { name: /everyone/ }));
});

test("channels are completed after #, and lead there", async () => {
  const page = await home.enter(jonas);
  await composer(page).pressSequentially("See #rec");
  await sees(page.getByRole("option", { name: /recipes/ }));
  await composer(page).press("Enter");
  expect(await composer(page).inputValue()).toBe("See #recipes ");
  await composer(page).press("Enter");
  await message(page, "See").getByRole("link", { name: "#recipes" }).or(message(page, "See").getByRole("button", { name: "#recipes" })).click();
  await sees(page.getByRole("heading", { level: 1, name: "recipes" }));
});

test("emoji are completed after :, chosen with the arrows, and put away with Escape", async () => {
  const page = await home.enter(jonas);
  await composer(page).pressSequentially("Tea :teap");
  await sees(page.getByRole("option", { name: /teapot/ }));
  await composer(page).press("Enter");
  await until(() => composer(page).inputValue()).toBe("Tea 🫖 ");
  await composer(page).pressSequentially(":smi");
  await sees(page.getByRole("option").nth(2));
  const chosen = page.locator("[role=option][aria-selected=true]");
  const first = await chosen.innerText();
  await composer(page).press("ArrowDown");
  await until(() => chosen.innerText()).not.toBe(first);
  await composer(page).press("Escape");
  await gone(page.getByRole("option"));
  expect(await composer(page).inputValue()).toBe("Tea 🫖 :smi");
});

test("a code that was typed by hand becomes its emoji", async () => {
  const page = await home.enter(jonas);
  await say(page, "Well done :tada:");
  await sees(message(page, "Well done 🎉"));
});

test("keys of formatting mark what is selected, and take the marks away", async () => {
  const page = await home.enter(jonas);
  await composer(page).fill("loud");
  await composer(page).press("Control+a");
  await composer(page).press("Control+b");
  expect(await composer(page).inputValue()).toBe("**loud**");
  await composer(page).press("Control+b");
  expect(await composer(page).inputValue()).toBe("loud");
  await composer(page).press("Control+i");
  expect(await composer(page).inputValue()).toBe("*loud*");
});

test("Shift and Enter begin a new line, and the field grows with it", async () => {
  const page = await home.enter(jonas);
  const height = async () => (await composer(page).boundingBox())!.height;
  await composer(page).fill("one");
  const before = await height();
  await composer(page).press("Shift+Enter");
  await composer(page).pressSequentially("two");
  expect(await composer(page).inputValue()).toBe("one\ntwo");
  await until(height).toBeGreaterThan(before + 10);
});

test("an emoji from the picker goes to where the caret is", async () => {
  const page = await home.enter(jonas);
  await composer(page).fill("AB");
  await composer(page).press("ArrowLeft");
  await page.getByRole("button", { name: "Emoji" }).click();
  await page.getByRole("combobox", { name: "Search emoji" }).fill("teapot");
  await sees(page.getByRole("gridcell", { name: /teapot/i }).or(page.getByRole("button", { name: /teapot/i })));
  await page.keyboard.press("Enter");
  expect(await composer(page).inputValue()).toBe("A🫖B");
  await until(() => composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
});

test("a reply can be taken back with Escape", async () => {
  const page = await home.enter(jonas);
  await home.owner.api.messages.send(home.general.id, { content: "Answer me" });
  await message(page, "Answer me").hover();
  await message(page, "Answer me").getByRole("button", { name: "Reply" }).click();
  await sees(page.getByText("Reply to Marta"));
  await until(() => composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.press("Escape");
  await gone(page.getByText("Reply to Marta"));
});

test("leaving an edit with Escape changes nothing; emptying it deletes the message", async () => {
  const page = await home.enter(jonas);
  await say(page, "Unchanged");
  await sees(message(page, "Unchanged"));
  await composer(page).press("ArrowUp");
  const box = page.getByRole("textbox", { name: "Edit message" });
  await box.fill("Changed");
  await box.press("Escape");
  await gone(box);
  await sees(message(page, "Unchanged"));
  await composer(page).press("ArrowUp");
  await box.fill("");
  await box.press("Enter");
  await gone(message(page, "Unchanged"));
});
