import { beforeAll, expect, test } from "vitest";
import { house } from "./harness/house";
import type { Person } from "./harness/person";
import { composer, field, gone, list, message, outgoing, say, sees, title, until } from "./harness/screen";

const home = house();
const lost = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|ERR_EMPTY_RESPONSE|WebSocket connection to/;
let jonas: Person;

beforeAll(async () => {
  jonas = await home.friend("jonas");
});

test("while the browser is offline one goes on writing, and nothing is missed", async () => {
  home.visits.allow(lost);
  const channel = await home.channel("offline");
  const page = await home.enter(jonas, channel);
  await home.owner.api.messages.send(channel.id, { content: "Before" });
  await sees(message(page, "Before"));
  await page.context().setOffline(true);
  await sees(page.getByRole("status").getByText("You are offline. What you write is sent when you are back."));
  await say(page, "Meanwhile here");
  await sees(outgoing(page, "Meanwhile here").getByText("Waits for the connection"));
  for (let i = 1; i <= 3; i++) await home.owner.api.messages.send(channel.id, { content: `Meanwhile there ${i}` });
  await page.context().setOffline(false);
  await sees(message(page, "Meanwhile here"));
  await gone(page.getByText("You are offline."));
  const texts = () => list(page).locator("article[data-message]").evaluateAll((rows) => rows.map((row) => /(Before|Meanwhile.*)/.exec(row.textContent ?? "")?.[0].replace(/\d\d:\d\d/, "")));
  await until(texts).toEqual(["Before", "Meanwhile there 1", "Meanwhile there 2", "Meanwhile there 3", "Meanwhile here"]);
});

test("a server that is killed while somebody writes has each message once", async () => {
  home.visits.allow(lost);
  const channel = await home.channel("killed");
  const page = await home.enter(jonas, channel);
  for (let i = 0; i < 10; i++) {
    await say(page, `Line ${i}.`);
    if (i === 4) await home.server.kill();
  }
  await home.server.run();
  await until(() => list(page).locator("article[data-message]").count()).toBe(10);
  await gone(list(page).locator("article[data-outgoing]"));
  const { messages } = await jonas.api.messages.list(channel.id, {});
  expect(messages.map((one) => one.content).sort()).toEqual(Array.from({ length: 10 }, (_, i) => `Line ${i}.`));
});

test("a reload while the server is away shows that it is away, and goes on by itself", async () => {
  home.visits.allow(lost);
  const page = await home.enter(jonas);
  // Only the page itself comes, as it would from the memory of an installed app.
  let away = true;
  await page.route("**/api/**", (route) => (away ? route.abort() : route.continue()));
  await page.routeWebSocket(/\/ws$/, (socket) => void (away ? socket.close() : socket.connectToServer()));
  await page.reload();
  await sees(page.getByRole("heading", { name: "The server cannot be reached" }));
  away = false;
  await page.getByRole("button", { name: "Try now" }).click();
  await sees(title(page).filter({ hasText: "general" }));
});

test("what the server refuses is said at the message, which can be sent again or deleted", async () => {
  home.visits.allow(lost, /status of 403/);
  const channel = await home.channel("refused");
  const page = await home.enter(jonas, channel);
  await page.context().setOffline(true);
  await sees(page.getByText("You are offline."));
  await say(page, "Too late");
  await say(page, "Too late as well");
  const everyone = { kind: "role" as const, id: home.space };
  await home.owner.api.channels.setOverwrite(channel.id, everyone, { allow: "0", deny: String(1 << 1) });
  await page.context().setOffline(false);
  await sees(outgoing(page, "Too late as well").getByRole("alert").getByText(/^Not sent\./));
  await outgoing(page, "Too late as well").getByRole("button", { name: "Delete" }).click();
  await gone(outgoing(page, "Too late as well"));
  await home.owner.api.channels.removeOverwrite(channel.id, everyone);
  await outgoing(page, "Too late").getByRole("button", { name: "Try again" }).click();
  await sees(message(page, "Too late"));
});

test("a log-in that reaches nobody says so", async () => {
  home.visits.allow(lost);
  const page = await home.visit(null, { path: "/login" });
  await sees(page.getByText("Good to see you again."));
  await page.context().setOffline(true);
  await field(page, "Username").fill("jonas");
  await field(page, "Password").fill("correct horse");
  await page.getByRole("button", { name: "Log in" }).click();
  await sees(page.getByRole("alert"));
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Log in" }).click();
  await sees(title(page));
});

test("an edit that cannot be saved stays open with its text", async () => {
  home.visits.allow(lost);
  const channel = await home.channel("edits");
  const page = await home.enter(jonas, channel);
  await say(page, "As it was");
  await sees(message(page, "As it was"));
  await composer(page).press("ArrowUp");
  await page.context().setOffline(true);
  const box = page.getByRole("textbox", { name: "Edit message" });
  await box.fill("As it should be");
  await box.press("Enter");
  await sees(list(page).getByRole("alert"));
  expect(await box.inputValue()).toBe("As it should be");
  await page.context().setOffline(false);
  await gone(page.getByText("You are offline."));
  await box.press("Enter");
  await sees(message(page, "As it should be").getByText("(edited)"));
});

test("a history that does not come says so, and can be asked for again", async () => {
  home.visits.allow(/ERR_FAILED/);
  const channel = await home.channel("unreadable");
  await home.owner.api.messages.send(channel.id, { content: "Here after all" });
  const page = await home.visit(jonas, { path: "/home" });
  await sees(title(page));
  await page.route(/\/messages\?/, (route) => route.abort());
  await page.goto(home.pathOf(channel));
  await sees(list(page).getByRole("alert"));
  await page.unrouteAll();
  await list(page).getByRole("button", { name: /again/i }).click();
  await sees(message(page, "Here after all"));
});

test("a part of the page that did not come comes later", async () => {
  home.visits.allow(lost);
  const page = await home.enter(jonas);
  let away = true;
  await page.route("**/assets/AccountSettings-*.js", (route) => (away ? route.abort() : route.continue()));
  const tried = page.waitForEvent("requestfailed");
  await page.getByRole("button", { name: "Settings" }).click();
  await tried;
  away = false;
  await sees(page.getByRole("navigation", { name: "Settings" }));
});

test("a part that the server no longer has is told of", async () => {
  home.visits.allow(/ERR_FAILED|status of 404/);
  const page = await home.enter(jonas);
  await page.route("**/assets/AccountSettings-*.js", (route) => route.fulfill({ status: 404 }));
  await page.getByRole("button", { name: "Settings" }).click();
  await sees(page.getByRole("alert").getByRole("button", { name: "Reload" }));
});
