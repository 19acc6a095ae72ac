import { beforeAll, expect, test } from "vitest";
import { house } from "./harness/house";
import { logIn, type Person } from "./harness/person";
import { picture } from "./harness/picture";
import { dialog, field, gone, list, message, refused, save, saveBar, sees, timed, title, toast, until } from "./harness/screen";

const home = house();
let jonas: Person;

beforeAll(async () => {
  jonas = await home.friend("jonas");
});

test("a profile is changed, and the others see it at once", async () => {
  const marta = await home.enter(home.owner);
  const page = await home.visit(jonas, { path: "/settings/profile" });
  await field(page, "Display name").fill("Jonas the Cook");
  await field(page, "About you").fill("Soup, mostly.");
  await field(page, "Status text").fill("Peeling onions");
  await page.getByText("Do not disturb", { exact: true }).click();
  await save(page);
  await sees(toast(page, "Profile saved"));
  const row = marta.getByRole("complementary", { name: "Members" }).getByRole("button", { name: /Jonas the Cook/ });
  await sees(row.getByText("Peeling onions"));
  await sees(row.getByRole("img", { name: "Do not disturb" }));
  await row.click();
  await sees(dialog(marta, /^Profile of/).getByText("Soup, mostly."));
  await jonas.api.me.update({ display_name: "Jonas", status: "online", status_text: "" });
});

test("a picture is chosen, cut and shown, and taken away again", async () => {
  const marta = await home.enter(home.owner);
  const page = await home.visit(jonas, { path: "/settings/profile" });
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: /picture/i }).first().click()]);
  await chooser.setFiles({ name: "jonas.png", mimeType: "image/png", buffer: await picture(page) });
  await dialog(page).getByRole("button", { name: /use|done|ok|take/i }).click();
  await gone(dialog(page));
  await save(page);
  const avatar = marta.getByRole("complementary", { name: "Members" }).getByRole("button", { name: /Jonas/ }).locator("img");
  await sees(avatar);
  await until(() => avatar.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  await page.getByRole("button", { name: /remove/i }).click();
  await save(page);
  await gone(avatar);
});

test("unsaved changes are not lost by going elsewhere, and can be reset", async () => {
  const page = await home.visit(jonas, { path: "/settings/profile" });
  await field(page, "Display name").fill("Somebody else");
  await page.getByRole("navigation", { name: "Settings" }).getByRole("button", { name: "Sessions" }).click();
  await sees(saveBar(page).getByText("Save or reset your changes first."));
  await saveBar(page).getByRole("button", { name: "Reset" }).click();
  await gone(saveBar(page));
  expect(await field(page, "Display name").inputValue()).toBe("Jonas");
  await page.getByRole("navigation", { name: "Settings" }).getByRole("button", { name: "Sessions" }).click();
  await sees(page.getByRole("heading", { name: "This device" }));
});

test("a new password ends the other sessions, not this one", async () => {
  home.visits.allow(refused);
  const ilse = await home.friend("ilse");
  const other = await home.enter(ilse);
  const page = await home.visit(ilse, { path: "/settings/account" });
  await field(page, "Current password").fill("wrong horse");
  await field(page, "New password").fill("better horse");
  await field(page, "New password again").fill("better hors");
  await sees(page.getByText("It differs from the one above."));
  await field(page, "New password again").fill("better horse");
  await page.getByRole("button", { name: "Change password" }).click();
  await until(() => field(page, "Current password").getAttribute("aria-invalid")).toBe("true");
  await field(page, "Current password").fill("correct horse");
  const answered = page.waitForResponse(/\/users\/me\/password$/);
  await page.getByRole("button", { name: "Change password" }).click();
  await answered;
  expect(await timed(() => sees(other.getByText("Good to see you again."), 1_000))).toBeLessThan(1_000);
  await sees(other.getByText("This log-in has ended."));
  await sees(toast(page, "Password changed. Your other sessions have ended."));
  await page.goto(home.pathOf(home.general));
  await sees(title(page).filter({ hasText: "general" }));
  await expect(logIn(home.base, "ilse")).rejects.toThrow();
  await logIn(home.base, "ilse", "better horse");
});

test("a session is ended from another", async () => {
  home.visits.allow(refused);
  const peer = await home.friend("peer");
  const other = await home.enter(peer);
  const page = await home.visit(peer, { path: "/settings/sessions" });
  const others = page.getByRole("list", { name: "Other sessions" });
  await sees(others.getByText("Connected"));
  await sees(page.getByRole("list", { name: "This device" }).getByText("This one"));
  await others.getByRole("listitem").filter({ hasText: "Connected" }).getByRole("button", { name: /^End the session/ }).click();
  await sees(other.getByText("This log-in has ended."));
  await gone(others.getByText("Connected"));
});

test("all other sessions are ended at once", async () => {
  home.visits.allow(refused);
  const ada = await home.friend("ada");
  await Promise.all([1, 2].map(() => logIn(home.base, "ada")));
  const page = await home.visit(ada, { path: "/settings/sessions" });
  await page.getByRole("button", { name: "End all others" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "End them" }).click();
  await sees(page.getByText("You are logged in nowhere else."));
  await expect(ada.api.me.get()).rejects.toThrow();
});

test("notifications are chosen, and mentions elsewhere are told", async () => {
  const yara = await home.friend("yara");
  const page = await home.visit(yara, { path: "/settings/notifications" });
  // The system has no place for notifications here: they are caught where the app hands them over.
  await page.addInitScript(() => {
    const told: string[] = [];
    (window as unknown as { told: string[] }).told = told;
    const Fake = class {
      static permission = "granted";
      static requestPermission = () => Promise.resolve("granted");
      onclick = null;
      constructor(name: string, options?: NotificationOptions) {
        told.push(`${name}: ${options?.body ?? ""}`);
      }
      close() {}
      addEventListener() {}
    };
    window.Notification = Fake as unknown as typeof Notification;
  });
  await page.reload();
  await page.getByRole("switch", { name: "Desktop notifications" }).click();
  await page.getByText("Mentions and replies", { exact: true }).click();
  await page.keyboard.press("Escape");
  await sees(title(page).filter({ hasText: "general" }));
  const elsewhere = await home.channel("elsewhere");
  await home.owner.api.messages.send(elsewhere.id, { content: "For nobody" });
  await home.owner.api.messages.send(elsewhere.id, { content: `<@${yara.id}> for you` });
  await until(() => page.evaluate(() => (window as unknown as { told: string[] }).told)).toEqual(["Marta in #elsewhere: @Yara for you"]);
});

test("an account is deleted with its password; what was written stays without the name", async () => {
  home.visits.allow(refused);
  const leaver = await home.friend("leaver");
  await leaver.api.messages.send(home.general.id, { content: "I was here" });
  const page = await home.visit(leaver, { path: "/settings/account" });
  await page.getByRole("button", { name: "Delete my account" }).click();
  await field(dialog(page), "Your password, to be sure").fill("wrong horse");
  await dialog(page).getByRole("button", { name: "Delete my account" }).click();
  await until(() => field(dialog(page), "Your password, to be sure").getAttribute("aria-invalid")).toBe("true");
  await field(dialog(page), "Your password, to be sure").fill("correct horse");
  await dialog(page).getByRole("button", { name: "Delete my account" }).click();
  await sees(page.getByRole("button", { name: "Log in" }));
  const marta = await home.enter(home.owner);
  await sees(message(marta, "I was here"));
  expect(await list(marta).getByText("Leaver").count()).toBe(0);
});

test("the owner of the server cannot delete their account, and reads why", async () => {
  const page = await home.visit(home.owner, { path: "/settings/account" });
  await sees(page.getByText("You own this server, and a server needs an owner."));
  expect(await page.getByRole("button", { name: "Delete my account" }).count()).toBe(0);
});

test("presence and status are set at the foot of the column", async () => {
  const marta = await home.enter(home.owner);
  const page = await home.enter(jonas);
  await page.getByRole("button", { name: /Change your presence$/ }).click();
  await page.getByRole("menuitem", { name: "Away" }).click();
  const row = marta.getByRole("complementary", { name: "Members" }).getByRole("button", { name: /Jonas/ });
  await sees(row.getByRole("img", { name: "Away" }));
  await page.getByRole("button", { name: /Change your presence$/ }).click();
  await page.getByRole("menuitem", { name: "Set a status text" }).click();
  await field(dialog(page), "What are you up to?").fill("On the train");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await sees(row.getByText("On the train"));
  await page.getByRole("button", { name: /Change your presence$/ }).click();
  await page.getByRole("menuitem", { name: "Invisible" }).click();
  await sees(marta.getByRole("heading", { name: /^Offline, / }));
  await gone(row.getByRole("img", { name: "Away" }));
});
