import { beforeAll, expect, test } from "vitest";
import { house } from "./harness/house";
import type { Person } from "./harness/person";
import { channelLink, composer, dialog, field, gone, save, saveBar, sees, timed, title, until } from "./harness/screen";

const home = house();
let jonas: Person;

beforeAll(async () => {
  jonas = await home.friend("jonas");
});

const settings = (section: string, person = home.owner) => home.visit(person, { path: `/spaces/${home.space}/settings/${section}` });

test("a role is made, named, coloured, given permissions and given to somebody, and all of it holds after a reload", async () => {
  const other = await home.enter(jonas);
  const page = await settings("roles");
  await page.getByRole("button", { name: "New role" }).click();
  await field(page, "Name").fill("Keepers");
  await page.getByTitle("Moss").click();
  await page.getByRole("switch", { name: "List its members apart" }).click();
  await page.getByRole("tab", { name: "Permissions" }).click();
  await page.getByRole("switch", { name: "Manage messages" }).click();
  await page.getByRole("switch", { name: "Manage channels" }).click();
  await save(page);
  await page.getByRole("tab", { name: /^Members/ }).click();
  await page.getByRole("button", { name: "Give it to somebody" }).click();
  await dialog(page).getByRole("button", { name: /Jonas/ }).click();
  await sees(other.getByRole("heading", { name: "Keepers, 1" }));

  await page.reload();
  await page.getByRole("tab", { name: "Permissions" }).click();
  for (const [name, on] of [["Manage messages", true], ["Manage channels", true], ["Ban", false]] as const) {
    await until(() => page.getByRole("switch", { name, exact: true }).isChecked()).toBe(on);
  }
  const { roles } = await home.owner.api.spaces.get(home.space);
  expect(roles.find((role) => role.name === "Keepers")).toMatchObject({ color: "#4f7d2c", hoist: true, permissions: String((1 << 2) | (1 << 3)) });
  await sees(other.getByRole("navigation", { name: "Channels" }));
});

test("what a role gives can be done at once, and what it loses no more", async () => {
  const page = await home.enter(jonas);
  const { roles } = await home.owner.api.spaces.get(home.space);
  const keepers = roles.find((role) => role.name === "Keepers")!;
  const menu = page.getByRole("button", { name: /: space menu$/ });
  await menu.click();
  await sees(page.getByRole("menuitem", { name: "New channel" }));
  await page.keyboard.press("Escape");
  const editor = await settings(`roles/${keepers.id}`);
  await editor.getByRole("tab", { name: "Permissions" }).click();
  await editor.getByRole("switch", { name: "Manage channels" }).click();
  await save(editor);
  await until(async () => {
    await menu.click();
    const count = await page.getByRole("menuitem", { name: "New channel" }).count();
    await page.keyboard.press("Escape");
    return count;
  }).toBe(0);
});

test("nobody edits what is above them, nor grants what they lack, and it is said why", async () => {
  const high = await home.owner.api.roles.create(home.space, { name: "Elders", hoist: false, mentionable: false, permissions: String(1 << 6) });
  const low = await home.owner.api.roles.create(home.space, { name: "Wardens", hoist: false, mentionable: false, permissions: String((1 << 4) | 1) });
  const lowest = await home.owner.api.roles.create(home.space, { name: "Helpers", hoist: false, mentionable: false });
  const { roles } = await home.owner.api.spaces.get(home.space);
  const others = roles.filter((role) => role.id !== home.space && ![high.id, low.id, lowest.id].includes(role.id)).map((role) => role.id);
  await home.owner.api.roles.order(home.space, { roles: [high.id, low.id, lowest.id, ...others] });
  const ilse = await home.friend("ilse");
  await home.owner.api.members.update(home.space, ilse.id, { roles: [low.id] });

  const page = await settings(`roles/${high.id}`, ilse);
  await sees(page.getByText(/above|highest/i));
  expect(await field(page, "Name").isDisabled()).toBe(true);
  await page.goto(`/spaces/${home.space}/settings/roles/${lowest.id}`);
  await page.getByRole("tab", { name: "Permissions" }).click();
  expect(await page.getByRole("switch", { name: "Ban", exact: true }).isDisabled()).toBe(true);
  expect(await page.getByRole("switch", { name: "Manage roles" }).isDisabled()).toBe(false);
});

test("roles are put in order with the keyboard", async () => {
  const page = await settings("roles");
  const order = async () => (await home.owner.api.spaces.get(home.space)).roles.filter((role) => role.id !== home.space).sort((a, b) => b.position - a.position).map((role) => role.name);
  await until(order).toEqual(["Elders", "Wardens", "Helpers", "Keepers"]);
  await page.getByRole("button", { name: /^Move Keepers/ }).focus();
  await page.keyboard.press("ArrowUp");
  await until(order).toEqual(["Elders", "Wardens", "Keepers", "Helpers"]);
  await until(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toMatch(/^Move Keepers/);
});

test("a role loses a permission by the editor, and the channel vanishes within a second from its members' screens", async () => {
  // What was asked for a moment before is refused.
  home.visits.allow(/status of 404/);
  const { roles } = await home.owner.api.spaces.get(home.space);
  const keepers = roles.find((role) => role.name === "Keepers")!;
  await home.owner.api.roles.update(home.space, keepers.id, { permissions: "1" });
  await home.owner.api.roles.update(home.space, home.space, { permissions: String(1 << 1) });
  const page = await home.enter(jonas);
  await sees(channelLink(page, /^general/));
  const editor = await settings(`roles/${keepers.id}`);
  await editor.getByRole("tab", { name: "Permissions" }).click();
  await editor.getByRole("switch", { name: "See channels" }).click();
  const answered = editor.waitForResponse((answer) => answer.request().method() === "PATCH");
  await saveBar(editor).getByRole("button", { name: "Save" }).click();
  await answered;
  expect(await timed(() => gone(channelLink(page, /^general/), 1_000))).toBeLessThan(1_000);
  await sees(page.getByText("No channel to see here"));
  await home.owner.api.roles.update(home.space, home.space, { permissions: "1819395" });
  await sees(channelLink(page, /^general/));
});

test("a channel is made private, opened to one member, and closed to their writing", async () => {
  const den = await home.channel("den");
  const page = await home.enter(jonas, den);
  const editor = await settings(`channels/${den.id}/permissions`);
  await editor.getByRole("switch", { name: "Private channel" }).click();
  await save(editor);
  await gone(channelLink(page, "den"));

  await editor.getByRole("button", { name: "Role or member" }).click();
  await dialog(editor).getByRole("button", { name: /Jonas/ }).click();
  await save(editor);
  await channelLink(page, "den").click();
  await sees(title(page).filter({ hasText: "den" }));
  await sees(composer(page));

  const write = editor.getByRole("group", { name: "Write messages" });
  await write.getByRole("radio", { name: "Deny" }).click();
  await save(editor);
  await sees(page.getByText("You can read here, but not write."));
  await write.getByRole("radio", { name: "Inherit" }).click();
  await save(editor);
  await sees(composer(page));

  await editor.reload();
  await editor.getByRole("group", { name: "Whom it is about" }).getByRole("button", { name: "Jonas" }).click();
  await until(() => editor.getByRole("group", { name: "See it" }).getByRole("radio", { name: "Allow" }).isChecked()).toBe(true);
  await editor.getByRole("button", { name: "Clear everything for Jonas" }).click();
  await save(editor);
  await gone(channelLink(page, "den"));
});
