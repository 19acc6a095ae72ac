import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { house } from "./harness/house";
import type { Person } from "./harness/person";
import { picture } from "./harness/picture";
import { channelLink, dialog, field, gone, inSpaceMenu, save, saveBar, sees, spaceLink, toast, until } from "./harness/screen";

const home = house();
let jonas: Person;

beforeAll(async () => {
  jonas = await home.friend("jonas");
  await home.owner.api.spaces.update(home.space, { name: "The Kitchen" });
});

const settings = (section: string, person = home.owner) => home.visit(person, { path: `/spaces/${home.space}/settings/${section}` });
const yes = (page: Page, name: string) => page.getByRole("alertdialog").getByRole("button", { name, exact: true }).click();

test("overview: name, picture and visibility change for all", async () => {
  const other = await home.enter(jonas);
  const page = await settings("overview");
  await field(page, "Name").fill("");
  await sees(saveBar(page).getByText("A name is needed."));
  await field(page, "Name").fill("The Pantry");
  await field(page, "Description").fill("Where the soup is");
  await page.getByRole("switch", { name: "Public on this server" }).click();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: /picture/i }).first().click()]);
  await chooser.setFiles({ name: "kitchen.png", mimeType: "image/png", buffer: await picture(page) });
  await dialog(page).getByRole("button", { name: /use|done|ok|take/i }).click();
  await save(page);
  await sees(spaceLink(other, "The Pantry").locator("img"));
  const open = await home.owner.api.spaces.public();
  expect(open.map((one) => one.space.name)).toContain("The Pantry");
  const invite = await home.visit(null, { path: `/invite/${home.invite}` });
  await sees(invite.getByText("Where the soup is"));
  await home.owner.api.spaces.update(home.space, { name: "The Kitchen" });
});

test("channels: made, opened, changed, deleted and restored", async () => {
  const other = await home.enter(jonas);
  const page = await settings("channels");
  await page.getByRole("button", { name: "New channel", exact: true }).click();
  await field(dialog(page), "Name").fill("pantry");
  await dialog(page).getByRole("button", { name: "Create channel" }).click();
  await sees(channelLink(other, "pantry"));
  await page.getByRole("list", { name: "Channels" }).getByRole("button", { name: /^pantry/ }).click();
  await field(page, "Name").fill("larder");
  await field(page, "Topic").fill("What is **left**");
  await page.getByRole("button", { name: /^Slow mode/ }).click();
  await page.getByRole("option", { name: "One message in 10 s" }).click();
  await save(page);
  await channelLink(other, /^larder/).click();
  await sees(other.getByText("What is left"));
  await sees(other.getByText("Slow mode: one message every 10 s"));

  await page.getByRole("button", { name: "Delete #larder" }).click();
  await yes(page, "Delete channel");
  await gone(channelLink(other, /^larder/));
  await page.getByRole("button", { name: "Restore larder" }).click();
  await sees(channelLink(other, /^larder/));
  const { channels } = await home.owner.api.spaces.get(home.space);
  await home.owner.api.channels.delete(channels.find((channel) => channel.name === "larder")!.id);
});

test("channels: put in order with the grip, by keyboard and by mouse", async () => {
  await home.channel("shelf");
  const other = await home.enter(jonas);
  const page = await settings("channels");
  const names = () => other.getByRole("navigation", { name: "Channels" }).getByRole("link").evaluateAll((links) => links.map((link) => (link.getAttribute("aria-label") ?? "").split(",")[0]!).filter((name) => /general|Fireside|shelf/.test(name)));
  await until(names).toEqual(["general", "Fireside", "shelf"]);
  await page.getByRole("button", { name: /^Move shelf/ }).focus();
  await page.keyboard.press("ArrowUp");
  await until(names).toEqual(["general", "shelf", "Fireside"]);
  const [from, to] = await Promise.all([page.getByRole("button", { name: /^Move shelf/ }).boundingBox(), page.getByRole("button", { name: /^Move general/ }).boundingBox()]);
  await page.mouse.move(from!.x + 8, from!.y + 8);
  await page.mouse.down();
  await page.mouse.move(to!.x + 8, to!.y - 6, { steps: 8 });
  await page.mouse.up();
  await until(names).toEqual(["shelf", "general", "Fireside"]);
});

test("members: nickname and roles, and a search", async () => {
  await home.owner.api.roles.create(home.space, { name: "Cooks", color: "#2d8257", hoist: true, mentionable: false });
  const other = await home.enter(jonas);
  const page = await settings("members");
  await page.getByRole("searchbox", { name: "Search members" }).fill("nobody like that");
  await sees(page.getByText("Nobody found"));
  await page.getByRole("button", { name: "Show all members" }).click();
  await page.getByRole("button", { name: "What to do with Jonas" }).click();
  await page.getByRole("menuitem", { name: "Nickname and roles" }).click();
  await field(dialog(page), "Nickname in this space").fill("Jo");
  await dialog(page).getByRole("checkbox", { name: "Cooks" }).check();
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await gone(dialog(page));
  await sees(page.getByRole("list", { name: "Members" }).getByRole("listitem").filter({ hasText: "Jo" }).getByText("Cooks"));
  await sees(other.getByRole("heading", { name: "Cooks, 1" }));
  await sees(other.getByRole("complementary", { name: "Members" }).getByRole("button", { name: /\bJo\b/ }));
  await home.owner.api.members.update(home.space, jonas.id, { nickname: "", roles: [] });
});

test("members: somebody is put out, reads why, and comes back with an invite", async () => {
  const ilse = await home.friend("ilse");
  const other = await home.enter(ilse);
  const page = await settings("members");
  await page.getByRole("button", { name: "What to do with Ilse" }).click();
  await page.getByRole("menuitem", { name: "Kick" }).click();
  await yes(page, "Kick");
  await sees(other.getByText(/^You were removed from The Kitchen\. With a new invite you can come back\.$/));
  await other.getByRole("button", { name: "Dismiss" }).click();
  await other.goto(`/invite/${home.invite}`);
  await other.getByRole("button", { name: "Join The Kitchen" }).click();
  await sees(spaceLink(other, "The Kitchen"));
});

test("bans: somebody is banned with a reason and lifted again", async () => {
  home.visits.allow(/status of 4\d\d/);
  const peer = await home.friend("peer");
  await peer.api.messages.send(home.general.id, { content: "Spam, spam" });
  const other = await home.enter(peer);
  const page = await settings("members");
  await page.getByRole("button", { name: "What to do with Peer" }).click();
  await page.getByRole("menuitem", { name: "Ban" }).click();
  await field(dialog(page), "Reason").fill("Too much spam");
  await dialog(page).getByRole("button", { name: /^Delete what they wrote here/ }).click();
  await page.getByRole("option", { name: "The last hour" }).click();
  await dialog(page).getByRole("button", { name: "Ban", exact: true }).click();
  await sees(other.getByText(/^You were banned from The Kitchen/));
  await until(async () => (await home.owner.api.messages.list(home.general.id, {})).messages.map((one) => one.content)).not.toContain("Spam, spam");
  await other.goto(`/invite/${home.invite}`);
  await other.getByRole("button", { name: "Join The Kitchen" }).click();
  await sees(other.getByRole("alert").getByText(/banned/i));

  await page.goto(`/spaces/${home.space}/settings/bans`);
  await sees(page.getByText("Too much spam"));
  await page.getByRole("button", { name: "Lift ban on Peer" }).click();
  await yes(page, "Lift the ban");
  await sees(page.getByText("Nobody is banned"));
  await other.getByRole("button", { name: "Join The Kitchen" }).click();
  await sees(spaceLink(other, "The Kitchen"));
});

test("invites: made with limits, listed, used up and revoked", async () => {
  home.visits.allow(/status of 4\d\d/);
  const page = await settings("invites");
  await page.getByRole("button", { name: "New invite" }).click();
  await dialog(page).getByRole("button", { name: /^It lets in/ }).click();
  await page.getByRole("option").nth(1).click();
  await dialog(page).getByRole("button", { name: "Make the link" }).click();
  const link = await field(dialog(page), "Link").inputValue();
  await dialog(page).getByRole("button", { name: "Done" }).click();
  const code = link.split("/").at(-1)!;
  const row = page.getByRole("list", { name: "Invites" }).getByRole("listitem").filter({ hasText: code });
  await sees(row);
  await row.getByRole("button", { name: "Revoke" }).click();
  await yes(page, "Revoke");
  await gone(row);
  const visitor = await home.visit(null, { path: `/invite/${code}` });
  await sees(visitor.getByRole("heading", { name: "This invitation does not work" }));
});

test("somebody who manages nothing has no settings of the space", async () => {
  const page = await home.enter(jonas);
  await page.getByRole("button", { name: /: space menu$/ }).click();
  await sees(page.getByRole("menuitem", { name: "Leave space" }));
  expect(await page.getByRole("menuitem", { name: "Space settings" }).count()).toBe(0);
  const there = await settings("overview", jonas);
  await sees(there.getByText("Nothing for you to set here"));
});

test("a space is left, given away and deleted", async () => {
  const guests = await jonas.api.spaces.create({ name: "Guest house", public: true });
  await home.owner.api.spaces.join(guests.id);
  const [owner, guest] = [await home.visit(jonas, { path: `/spaces/${guests.id}/settings/overview` }), await home.visit(home.owner, { path: `/spaces/${guests.id}` })];
  await owner.getByRole("button", { name: "Give it to somebody else" }).click();
  await dialog(owner).getByRole("button", { name: /Marta/ }).click();
  await yes(owner, "Give it to Marta");
  await sees(toast(owner, "Marta now owns Guest house."));
  await owner.goto(`/spaces/${guests.id}`);
  await inSpaceMenu(owner, "Leave space");
  await yes(owner, "Leave space");
  await gone(spaceLink(owner, "Guest house"));
  await sees(guest.getByRole("button", { name: /^Guest house/ }));
  await inSpaceMenu(guest, "Space settings");
  await guest.getByRole("button", { name: "Delete Guest house" }).click();
  await field(dialog(guest), "Type “Guest house” to be sure").fill("Guest house");
  await dialog(guest).getByRole("button", { name: "Delete for everyone" }).click();
  await gone(spaceLink(guest, "Guest house"));
});
