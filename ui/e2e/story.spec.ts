import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { house } from "./harness/house";
import { logIn } from "./harness/person";
import { channelLink, composer, dialog, field, gone, inMenu, inSpaceMenu, list, message, outgoing, say, sees, spaceLink, timed, title, toast, until } from "./harness/screen";

/* How a server comes to life, from the first account to the last word, by two people and a third at the door. */

const home = house({ empty: true, story: true });
let marta: Page;
let jonas: Page;
let link = "";

test("the first account owns the server", async () => {
  marta = await home.visit(null);
  await sees(marta.getByRole("heading", { name: "Nobody is here yet." }));
  await field(marta, "Username").fill("marta");
  await field(marta, "Display name").fill("Marta");
  await field(marta, "Password").fill("correct horse");
  await marta.getByRole("button", { name: "Make it mine" }).click();
  await sees(title(marta).filter({ hasText: "general" }));
  await sees(marta.getByText("This is where it begins"));
  home.owner = await logIn(home.base, "marta");
  home.space = /\/spaces\/(\d+)/.exec(marta.url())![1]!;
  expect((await home.owner.api.admin.users({})).users).toMatchObject([{ owner: true, admin: true }]);
});

test("an invite link is made", async () => {
  await inSpaceMenu(marta, "Invite people");
  await dialog(marta).getByRole("button", { name: "Make the link" }).click();
  const shown = field(dialog(marta), "Link");
  await sees(shown);
  link = await shown.inputValue();
  expect(link).toMatch(/\/invite\/.{11,}$/);
  await sees(dialog(marta).getByRole("button", { name: "Copied" }));
  expect(await marta.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await marta.keyboard.press("Escape");
  await gone(dialog(marta));
});

test("a second person follows the link and joins", async () => {
  jonas = await home.visit(null, { path: new URL(link).pathname });
  await sees(jonas.getByText("Marta invites you."));
  await field(jonas, "Username").fill("jonas");
  await field(jonas, "Display name").fill("Jonas");
  await field(jonas, "Password").fill("correct horse");
  await jonas.getByRole("button", { name: "Create account and join" }).click();
  await sees(title(jonas).filter({ hasText: "general" }));
  await sees(marta.getByRole("list", { name: "Members" }).getByText("Jonas"));
});

test("they chat", async () => {
  await composer(marta).pressSequentially("Wel");
  await sees(jonas.getByText("Marta is typing"));
  await composer(marta).pressSequentially("come, *Jonas*.");
  await composer(marta).press("Enter");
  await sees(message(jonas, "Welcome, Jonas.").locator("em"));
  await gone(jonas.getByText("Marta is typing"));
  await say(jonas, "Nice and warm in here");
  await sees(message(marta, "Nice and warm in here"));
});

test("one edits what they wrote", async () => {
  await composer(jonas).press("ArrowUp");
  const box = jonas.getByRole("textbox", { name: "Edit message" });
  expect(await box.inputValue()).toBe("Nice and warm in here");
  await box.fill("Nice and quiet in here");
  await box.press("Enter");
  await sees(message(marta, "Nice and quiet in here").getByText("(edited)"));
  await gone(box);
});

test("the other replies", async () => {
  await message(marta, "Nice and quiet").hover();
  await message(marta, "Nice and quiet").getByRole("button", { name: "Reply" }).click();
  await sees(marta.getByText("Reply to Jonas"));
  await say(marta, "That is the idea");
  await sees(message(jonas, "That is the idea").getByRole("button", { name: "In reply to Jonas Nice and quiet in here" }));
});

test("they react", async () => {
  await message(jonas, "That is the idea").hover();
  await message(jonas, "That is the idea").getByRole("button", { name: "Add reaction" }).click();
  await jonas.getByRole("combobox", { name: /emoji/i }).or(jonas.getByRole("searchbox")).fill("teapot");
  await sees(jonas.getByText(":teapot:"));
  await jonas.keyboard.press("Enter");
  const reaction = message(marta, "That is the idea").getByRole("button", { name: "🫖 1: Jonas" });
  await sees(reaction);
  await reaction.click();
  await sees(message(jonas, "That is the idea").getByRole("button", { name: /^🫖 2: (you, Marta|Jonas, you)/ }));
});

test("the owner pins a message, and all see it", async () => {
  await inMenu(marta, "Welcome, Jonas.", "Pin");
  await sees(toast(marta, "Message pinned"));
  await jonas.getByRole("button", { name: "Pinned messages" }).click();
  await sees(jonas.getByRole("complementary", { name: "Pinned messages" }).getByText("Welcome,"));
  await jonas.getByRole("button", { name: "Pinned messages" }).click();
});

test("what is new elsewhere is counted, and mentions with it", async () => {
  await home.channel("plans");
  await channelLink(jonas, "plans").click();
  await sees(title(jonas).filter({ hasText: "plans" }));
  await say(marta, "Nobody in particular");
  await sees(channelLink(jonas, "general, unread"));
  await say(marta, "@Jonas are you there?");
  await sees(channelLink(jonas, "general, 1 mention"));
  await say(marta, "@jonas hello?");
  await sees(channelLink(jonas, "general, 2 mentions"));
  await until(() => jonas.title()).toBe("(2) #plans · Snug");
  await channelLink(jonas, /^general/).click();
  await sees(list(jonas).getByText("New since you left"));
  await sees(channelLink(jonas, /^general$/));
  await until(() => jonas.title()).toBe("#general · Snug");
});

test("a role loses a permission, and a channel vanishes at once from the other's screen", async () => {
  const { api } = home.owner;
  const jonasId = await jonas.evaluate(() => localStorage.getItem("snug.user")!);
  const friends = await api.roles.create(home.space, { name: "Friends", hoist: true, mentionable: true });
  await api.members.update(home.space, jonasId, { roles: [friends.id] });
  const cellar = await home.channel("cellar", {
    overwrites: [
      { target: { kind: "role", id: home.space }, allow: "0", deny: "1" },
      { target: { kind: "role", id: friends.id }, allow: "1", deny: "0" },
    ],
  });
  await channelLink(jonas, "cellar").click();
  await sees(title(jonas).filter({ hasText: "cellar" }));
  await say(jonas, "Cool down here");
  await sees(message(jonas, "Cool down here"));

  await api.channels.setOverwrite(cellar.id, { kind: "role", id: friends.id }, { allow: "0", deny: "1" });
  expect(await timed(() => gone(channelLink(jonas, "cellar"), 1_000))).toBeLessThan(1_000);
  await gone(message(jonas, "Cool down here"));
  await sees(title(jonas).filter({ hasText: "general" }));
  await sees(channelLink(marta, "cellar"));
});

test("a reload keeps the session, the place and what was there", async () => {
  const place = jonas.url();
  await jonas.reload();
  await sees(message(jonas, "That is the idea"));
  expect(jonas.url()).toBe(place);
});

test("the server is stopped; what is queued is posted once when it is back, and what is typed is still there", async () => {
  home.visits.allow(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket connection to/);
  await home.server.stop();
  await sees(jonas.getByText("Connection lost. What you write is sent when it is back."));
  await say(jonas, "Written in the dark");
  await sees(outgoing(jonas, "Written in the dark").getByText("Waits for the connection"));
  await composer(jonas).fill("Not yet finished");
  await home.server.run();
  await sees(message(jonas, "Written in the dark"));
  await sees(message(marta, "Written in the dark"));
  await gone(jonas.getByText("Connection lost"));
  for (const page of [jonas, marta]) {
    await until(() => list(page).getByText("Written in the dark").count()).toBe(1);
  }
  const { messages } = await home.owner.api.messages.list((await channelOf(jonas)), {});
  expect(messages.filter((one) => one.content === "Written in the dark")).toHaveLength(1);
  await jonas.reload();
  expect(await composer(jonas).inputValue()).toBe("Not yet finished");
  await until(() => list(jonas).getByText("Written in the dark").count()).toBe(1);
  await composer(jonas).fill("");
});

test("somebody knocks, waits, and is let in", async () => {
  await home.owner.api.admin.updateSettings({ registration: "approval" });
  const peer = await home.visit(null, { path: "/register" });
  await sees(peer.getByRole("heading", { name: /^Knock at / }));
  await field(peer, "Username").fill("peer");
  await field(peer, "Password").fill("correct horse");
  await field(peer, "What to say at the door").fill("It's Peer, from the climbing hall.");
  await peer.getByRole("button", { name: "Knock" }).click();
  await sees(peer.getByRole("heading", { name: "Knock knock" }));
  await peer.reload();
  await sees(peer.getByText("Waiting for an answer"));

  const [knock] = (await home.owner.api.admin.users({ state: "waiting" })).users;
  expect(knock?.knock).toBe("It's Peer, from the climbing hall.");
  await home.owner.api.admin.answerKnock(knock!.user.id, { approve: true });
  await sees(peer.getByRole("heading", { name: "Hello, peer." }));
  await sees(peer.getByText("You are in no space."));
});

test("a ban puts somebody out of the space within a second, and says so", async () => {
  const jonasId = await jonas.evaluate(() => localStorage.getItem("snug.user")!);
  await home.owner.api.bans.create(home.space, jonasId, { reason: "", delete_message_s: 0 });
  expect(await timed(() => sees(jonas.getByText(/^You were banned from .+ and cannot come back\./), 1_000))).toBeLessThan(1_000);
  await gone(spaceLink(jonas, /./).filter({ hasNotText: /^$/ }).and(jonas.locator("[href^='/spaces/']")));
  await gone(list(jonas));
  await gone(marta.getByRole("list", { name: "Members" }).getByText("Jonas"));
});

test("a suspension ends the session within a second, and says so", async () => {
  home.visits.allow(/status of 40[13]/);
  const jonasId = await jonas.evaluate(() => localStorage.getItem("snug.user")!);
  await home.owner.api.admin.updateUser(jonasId, { suspended: true });
  expect(await timed(() => sees(jonas.getByRole("heading", { level: 1, name: /Snug/ }), 1_000))).toBeLessThan(1_000);
  await sees(jonas.getByText(/suspended/i));
  await field(jonas, "Username").fill("jonas");
  await field(jonas, "Password").fill("correct horse");
  await jonas.getByRole("button", { name: "Log in" }).click();
  await sees(jonas.getByRole("alert").getByText(/suspended/i));
});

const channelOf = (page: Page): string => /\/channels\/(\d+)/.exec(page.url())![1]!;
