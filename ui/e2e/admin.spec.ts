import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { house } from "./harness/house";
import { apiOf, logIn, type Person } from "./harness/person";
import { dialog, field, gone, refused, save, saveBar, sees, timed, title, toast, until } from "./harness/screen";

const home = house();
let jonas: Person;

beforeAll(async () => {
  jonas = await home.friend("jonas");
});

const admin = (section: string, person = home.owner) => home.visit(person, { path: `/admin/${section}` });
const yes = (page: Page, name: string) => page.getByRole("alertdialog").getByRole("button", { name, exact: true }).click();
const person = (page: Page, name: string) => page.getByRole("list", { name: "People" }).getByRole("listitem").filter({ hasText: name });
const choose = async (page: Page, name: string, entry: string) => {
  await page.getByRole("button", { name: `What to do with ${name}` }).click();
  await page.getByRole("menuitem", { name: entry }).click();
};

test("overview: figures, and the name that visitors see", async () => {
  const page = await admin("overview");
  await sees(page.getByText("Connected now"));
  await field(page, "Name").fill("The Climbing Hall");
  await save(page);
  await sees(toast(page, "Server saved"));
  const visitor = await home.visit(null, { path: "/login" });
  await sees(title(visitor).filter({ hasText: "The Climbing Hall" }));
});

test("registration: each way of getting in is chosen here", async () => {
  const page = await admin("registration");
  for (const [label, mode] of [["By invite", "invite"], ["Knock knock", "approval"], ["Closed", "closed"], ["Open", "open"]] as const) {
    await page.getByText(label, { exact: true }).click();
    // The mode that holds already leaves nothing to save.
    if (await saveBar(page).isVisible()) await save(page);
    await until(async () => (await apiOf(home.base, "").server()).registration).toBe(mode);
  }
});

test("registration: a server password is set and taken away", async () => {
  const page = await admin("registration");
  await page.getByRole("switch", { name: "Ask for a server password" }).click();
  await sees(saveBar(page).getByText("A server password is needed."));
  await field(page, "Server password").fill("open sesame");
  await save(page);
  await until(async () => (await apiOf(home.base, "").server()).password_required).toBe(true);
  await page.getByRole("switch", { name: "Ask for a server password" }).click();
  await save(page);
  await until(async () => (await apiOf(home.base, "").server()).password_required).toBe(false);
});

test("people: somebody who knocks is let in, another is turned away", async () => {
  await home.owner.api.admin.updateSettings({ registration: "approval" });
  const knock = async (username: string) => {
    const page = await home.visit(null, { path: "/register" });
    await field(page, "Username").fill(username);
    await field(page, "Password").fill("correct horse");
    await field(page, "What to say at the door").fill(`It is ${username}`);
    await page.getByRole("button", { name: "Knock" }).click();
    await sees(page.getByRole("heading", { name: "Knock knock" }));
    return page;
  };
  const page = await admin("people");
  const [nina, omar] = [await knock("nina"), await knock("omar")];
  await sees(page.getByRole("navigation", { name: "Administration" }).getByText("2"));
  await page.getByRole("tab", { name: /^Knocking/ }).click();
  await sees(person(page, "nina").getByText("It is nina"));
  await page.getByRole("button", { name: "Let in nina" }).click();
  await sees(toast(page, "nina is in."));
  await sees(nina.getByRole("heading", { name: "Hello, nina." }));
  await page.getByRole("button", { name: "Turn away omar" }).click();
  await sees(omar.getByRole("heading", { name: "Not this time." }));
  await sees(page.getByText("Nobody knocks"));
  await home.owner.api.admin.updateSettings({ registration: "open" });
});

test("people: a suspension ends the session within a second, and is lifted again", async () => {
  home.visits.allow(refused);
  const other = await home.enter(jonas);
  const page = await admin("people");
  await choose(page, "Jonas", "Suspend");
  const answered = page.waitForResponse((answer) => answer.request().method() === "PATCH");
  await yes(page, "Suspend");
  await answered;
  expect(await timed(() => sees(other.getByText("Your account was suspended by an administrator."), 1_000))).toBeLessThan(1_000);
  await sees(person(page, "Jonas").getByText("Suspended"));
  await choose(page, "Jonas", "Let in again");
  await gone(person(page, "Jonas").getByText("Suspended"));
  jonas = await logIn(home.base, "jonas");
});

test("people: a new password is shown once, and works", async () => {
  home.visits.allow(refused);
  const page = await admin("people");
  await choose(page, "Jonas", "New password");
  await yes(page, "Make a new password");
  const password = await field(page.getByRole("alertdialog"), "Password").inputValue();
  await page.getByRole("alertdialog").getByRole("button", { name: "I have it" }).click();
  await gone(page.getByRole("alertdialog"));
  await expect(logIn(home.base, "jonas")).rejects.toThrow();
  jonas = { ...(await logIn(home.base, "jonas", password)), password };
});

test("people: an administrator is made, may do their work, and is one no more", async () => {
  const page = await admin("people");
  await choose(page, "Jonas", "Make administrator");
  await yes(page, "Make administrator");
  await sees(person(page, "Jonas").getByText("Administrator"));
  const other = await admin("people", jonas);
  await sees(person(other, "Marta").getByText("Owner"));
  expect(await other.getByRole("button", { name: "What to do with Marta" }).count()).toBe(0);
  await choose(page, "Jonas", "No longer an administrator");
  await yes(page, "Take it away");
  await gone(person(page, "Jonas").getByText("Administrator"));
  await other.reload();
  await sees(other.getByText("For administrators of the server"));
});

test("people: found by a part of the name, and deleted", async () => {
  const leo = await home.friend("leo");
  const other = await home.enter(leo);
  home.visits.allow(refused);
  const page = await admin("people");
  await page.getByRole("searchbox", { name: "Search people" }).fill("le");
  await gone(person(page, "Jonas"));
  await choose(page, "Leo", "Delete account");
  await yes(page, "Delete account");
  await gone(person(page, "Leo"));
  await sees(other.getByText("This account was deleted."));
  await page.getByRole("searchbox", { name: "Search people" }).fill("zzz");
  await sees(page.getByText("Nobody here is called that."));
  await expect(dialog(page).count()).resolves.toBe(0);
});

test("the administration is for administrators", async () => {
  const page = await admin("overview", jonas);
  await sees(page.getByText("For administrators of the server"));
});

test("the page of the API shows the routes to anyone, and finds them", async () => {
  const page = await home.visit(null, { path: "/api-docs" });
  await sees(title(page));
  await page.getByRole("searchbox", { name: "Search the API" }).fill("reactions");
  await page.getByRole("navigation", { name: "Routes and types" }).getByRole("link", { name: /PUT.*reactions/ }).click();
  await sees(title(page).filter({ hasText: "/reactions/" }));
  await sees(page.getByRole("heading", { name: "Refusals" }));
});
