import type { Page } from "playwright-core";
import type * as P from "../../src/protocol/generated";
import type { House } from "./house";
import type { Person } from "./person";
import { composer, dialog, inSpaceMenu, list, message, sees, title } from "./screen";

/** What the screens show: a space with all that there is, and people with more or less power in it. */
export interface Scene {
  home: House;
  full: P.Channel;
  empty: P.Channel;
  locked: P.Channel;
  bare: Person;
  friend: Person;
  keeper: P.Role;
  voice: P.Channel;
  closedVoice: P.Channel;
  /** Of a space that has no channel for its owner's friend. */
  closed: P.SpaceId;
}

/** One screen of the app: who looks, where, and what is done there before it is looked at. */
export interface Screen {
  name: string;
  who: (scene: Scene) => Person | null;
  path: (scene: Scene) => string;
  /** The server registers people this way meanwhile. */
  mode?: P.Registration;
  serverPassword?: string;
  ready: (page: Page, scene: Scene) => Promise<void>;
}

const owner = (scene: Scene) => scene.home.owner;
const nobody = () => null;
const channel = (scene: Scene) => scene.home.pathOf(scene.full);
const heading = (text: string | RegExp) => (page: Page) => sees(page.getByRole("heading", { name: text }));
const written = async (page: Page) => {
  await sees(list(page).locator("article[data-message]").last());
  await sees(composer(page));
};
const narrow = (page: Page) => page.viewportSize()!.width < 760;
const nav = async (page: Page) => {
  if (narrow(page)) await page.getByRole("button", { name: /^Spaces and channels/ }).click();
};
const call = async (page: Page) => {
  // A browser that was ended a moment ago is still in the call.
  await page.getByRole("button", { name: /^(Join Fireside|Take it to this one)$/ }).click();
  await sees(page.getByRole("region", { name: "Voice in Fireside" }).getByRole("button").first());
  // On a phone the bar is within a drawer.
  await page.locator(`[data-at="connected"]`).waitFor({ state: "attached" });
};
const spaceSetting = (page: string) => (scene: Scene) => `/spaces/${scene.home.space}/settings/${page}`;

const entrance: Screen[] = [
  { name: "log-in", who: nobody, path: () => "/login", ready: heading("Snug") },
  { name: "register open", who: nobody, path: () => "/register", mode: "open", serverPassword: "sesame", ready: heading(/^Join/) },
  { name: "register by invite", who: nobody, path: () => "/register", mode: "invite", ready: heading(/^Join/) },
  { name: "register by knocking", who: nobody, path: () => "/register", mode: "approval", ready: heading(/^Knock at/) },
  { name: "register closed", who: nobody, path: () => "/register", mode: "closed", ready: heading(/is full$/) },
  {
    name: "register refused",
    who: nobody,
    path: () => "/register",
    mode: "open",
    ready: async (page) => {
      await page.getByRole("textbox", { name: "Username" }).fill("marta");
      await page.getByRole("textbox", { name: "Password", exact: true }).fill("correct horse");
      await page.getByRole("button", { name: "Create account" }).click();
      await sees(page.getByText(/taken/));
    },
  },
  {
    name: "waiting",
    who: nobody,
    path: () => "/register",
    mode: "approval",
    ready: async (page) => {
      await page.getByRole("textbox", { name: "Username" }).fill(`knock${Date.now() % 1e9}`);
      await page.getByRole("textbox", { name: "Password", exact: true }).fill("correct horse");
      await page.getByRole("button", { name: "Knock" }).click();
      await heading("Knock knock")(page);
    },
  },
  { name: "invite for somebody new", who: nobody, path: (scene) => `/invite/${scene.home.invite}`, ready: heading("The Snug") },
  { name: "invite for a member", who: owner, path: (scene) => `/invite/${scene.home.invite}`, ready: heading("The Snug") },
  { name: "invite that does not work", who: nobody, path: () => "/invite/nonsense", ready: heading("This invitation does not work") },
];

const inside: Screen[] = [
  { name: "home", who: owner, path: () => "/home", ready: heading(/^Hello/) },
  { name: "home without a space", who: (scene) => scene.bare, path: () => "/home", ready: heading(/^Hello/) },
  { name: "space without a channel", who: (scene) => scene.friend, path: (scene) => `/spaces/${scene.closed}`, ready: (page) => sees(page.getByText("No channel to see here")) },
  { name: "channel", who: owner, path: channel, ready: written },
  { name: "channel, read only", who: (scene) => scene.friend, path: (scene) => scene.home.pathOf(scene.locked), ready: (page) => sees(page.getByText("You can read here, but not write.")) },
  { name: "channel, empty", who: owner, path: (scene) => scene.home.pathOf(scene.empty), ready: (page) => sees(list(page).getByRole("heading", { name: "empty" })) },
  {
    name: "channels",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await nav(page);
      await sees(page.getByRole("navigation", { name: "Channels" }));
    },
  },
  {
    name: "message under the pointer",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await list(page).locator("article[data-message]").last().hover();
      await sees(page.getByRole("toolbar", { name: "Message" }));
    },
  },
  {
    name: "message being edited",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await composer(page).press("ArrowUp");
      await sees(page.getByRole("button", { name: "Save" }));
    },
  },
  {
    name: "message menu",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await message(page, /./).last().click({ button: "right" });
      await sees(page.getByRole("menuitem", { name: "Copy text" }));
    },
  },
  {
    name: "completion",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await composer(page).pressSequentially("@");
      await sees(page.getByRole("option"));
    },
  },
  {
    name: "reply being written",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await list(page).locator("article[data-message]").last().focus();
      await page.keyboard.press("r");
      await sees(page.getByText(/^Reply to/));
    },
  },
  {
    name: "pins",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await page.getByRole("button", { name: "Pinned messages" }).click();
      await sees(page.getByRole("button", { name: "Show in the channel" }));
    },
  },
  {
    name: "members",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      if (page.viewportSize()!.width < 1080) await page.getByRole("button", { name: "Members", exact: true }).click();
      await sees(page.getByRole("complementary", { name: "Members" }).getByText("Jonas"));
    },
  },
  {
    name: "member's card",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await list(page).getByRole("button", { name: "Jonas", exact: true }).last().click();
      await sees(dialog(page, /^Profile of/));
    },
  },
  {
    name: "emoji picker",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await page.getByRole("button", { name: "Emoji" }).click();
      await sees(page.getByRole("gridcell"));
    },
  },
  {
    name: "switcher",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await page.keyboard.press("Control+k");
      await sees(page.getByRole("option"));
    },
  },
  {
    name: "shortcuts",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await page.keyboard.press("Control+/");
      await sees(dialog(page, "Keyboard shortcuts"));
    },
  },
  {
    name: "space menu",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await nav(page);
      await page.getByRole("button", { name: /: space menu$/ }).click();
      await sees(page.getByRole("menuitem", { name: "Invite people" }));
    },
  },
  ...(["Invite people", "New channel", "New category"] as const).map(
    (entry): Screen => ({
      name: `dialog: ${entry}`,
      who: owner,
      path: channel,
      ready: async (page) => {
        await written(page);
        await nav(page);
        await inSpaceMenu(page, entry);
        await sees(dialog(page));
      },
    }),
  ),
  {
    name: "dialog: add a space",
    who: owner,
    path: channel,
    ready: async (page) => {
      await written(page);
      await nav(page);
      await page.getByRole("button", { name: "Add a space" }).click();
      await sees(dialog(page, "Add a space"));
    },
  },
  {
    name: "dialog: leave the space",
    who: (scene) => scene.friend,
    path: channel,
    ready: async (page) => {
      await written(page);
      await nav(page);
      await inSpaceMenu(page, "Leave space");
      await sees(page.getByRole("alertdialog"));
    },
  },
  {
    name: "offline, with a message waiting",
    who: (scene) => scene.friend,
    path: channel,
    ready: async (page) => {
      await written(page);
      await page.context().setOffline(true);
      await composer(page).fill("See you on the other side");
      await composer(page).press("Enter");
      await sees(page.getByText("You are offline."));
      await sees(page.getByText("Waits for the connection"));
    },
  },
];

const settings: Screen[] = [
  { name: "settings, the list", who: owner, path: () => "/settings", ready: (page) => sees(page.getByRole("button", { name: "Appearance" })) },
  ...["profile", "account", "sessions", "appearance", "notifications", "voice"].map(
    (page): Screen => ({ name: `settings: ${page}`, who: owner, path: () => `/settings/${page}`, ready: async (at) => sees(at.getByRole("heading", { level: 2 })) }),
  ),
  {
    name: "settings: unsaved",
    who: owner,
    path: () => "/settings/profile",
    ready: async (page) => {
      await page.getByRole("textbox", { name: "Status text" }).fill("Baking");
      await sees(page.getByRole("region", { name: "Unsaved changes" }));
    },
  },
  ...["overview", "channels", "roles", "members", "invites", "bans"].map(
    (page): Screen => ({ name: `space settings: ${page}`, who: owner, path: spaceSetting(page), ready: (at) => sees(at.getByRole("heading", { level: 2 })) }),
  ),
  { name: "space settings: a channel", who: owner, path: (scene) => spaceSetting(`channels/${scene.full.id}`)(scene), ready: (page) => sees(page.getByRole("tab", { name: "Permissions" })) },
  { name: "space settings: a voice channel", who: owner, path: (scene) => spaceSetting(`channels/${scene.voice.id}`)(scene), ready: (page) => sees(page.getByRole("slider", { name: "Bitrate of each voice" })) },
  { name: "space settings: a channel's permissions", who: owner, path: (scene) => spaceSetting(`channels/${scene.locked.id}/permissions`)(scene), ready: (page) => sees(page.getByRole("group", { name: "Write messages" })) },
  { name: "space settings: a role", who: owner, path: (scene) => spaceSetting(`roles/${scene.keeper.id}`)(scene), ready: (page) => sees(page.getByRole("tab", { name: "Permissions" })) },
  {
    name: "space settings: a role's permissions",
    who: owner,
    path: (scene) => spaceSetting(`roles/${scene.keeper.id}`)(scene),
    ready: async (page) => {
      await page.getByRole("tab", { name: "Permissions" }).click();
      await sees(page.getByRole("switch", { name: "Manage messages" }));
    },
  },
  {
    name: "space settings: a role's members",
    who: owner,
    path: (scene) => spaceSetting(`roles/${scene.keeper.id}`)(scene),
    ready: async (page) => {
      await page.getByRole("tab", { name: /^Members/ }).click();
      await sees(page.getByRole("button", { name: "Give it to somebody" }));
    },
  },
  {
    name: "space settings: a member's roles",
    who: owner,
    path: spaceSetting("members"),
    ready: async (page) => {
      await page.getByRole("button", { name: "What to do with Jonas" }).click();
      await page.getByRole("menuitem", { name: "Nickname and roles" }).click();
      await sees(dialog(page));
    },
  },
  {
    name: "space settings: a ban",
    who: owner,
    path: spaceSetting("members"),
    ready: async (page) => {
      await page.getByRole("button", { name: "What to do with Jonas" }).click();
      await page.getByRole("menuitem", { name: "Ban" }).click();
      await dialog(page).getByRole("button", { name: /^Delete what they wrote/ }).click();
      await sees(page.getByRole("option"));
    },
  },
  { name: "space settings: not for oneself", who: (scene) => scene.friend, path: spaceSetting("overview"), ready: (page) => sees(page.getByText("Nothing for you to set here")) },
  ...["overview", "registration", "people"].map((page): Screen => ({ name: `administration: ${page}`, who: owner, path: () => `/admin/${page}`, ready: (at) => sees(at.getByRole("heading", { level: 2 })) })),
  {
    name: "administration: somebody's menu",
    who: owner,
    path: () => "/admin/people",
    ready: async (page) => {
      await page.getByRole("button", { name: "What to do with Jonas" }).click();
      await sees(page.getByRole("menuitem", { name: "Suspend" }));
    },
  },
  { name: "administration: not for oneself", who: (scene) => scene.friend, path: () => "/admin", ready: (page) => sees(page.getByText("For administrators of the server")) },
  { name: "api docs", who: nobody, path: () => "/api-docs", ready: (page) => sees(page.getByRole("link", { name: /POST.*\/auth\/login/ }).or(title(page))) },
  { name: "api docs, a route", who: nobody, path: () => "/api-docs#post_auth_login", ready: heading("Refusals") },
  { name: "api docs, a type", who: nobody, path: () => "/api-docs#type-Message", ready: (page) => sees(title(page)) },
];

const voice: Screen[] = [
  { name: "voice channel, from outside", who: owner, path: (scene) => scene.home.pathOf(scene.voice), ready: (page) => sees(page.getByRole("button", { name: "Join Fireside" })) },
  { name: "voice channel, closed to oneself", who: (scene) => scene.friend, path: (scene) => scene.home.pathOf(scene.closedVoice), ready: (page) => sees(page.getByText("You may not come in.")) },
  { name: "voice, in a call", who: owner, path: (scene) => scene.home.pathOf(scene.voice), ready: call },
  {
    name: "voice, the bar and the settings at hand",
    who: owner,
    path: (scene) => scene.home.pathOf(scene.voice),
    ready: async (page) => {
      await call(page);
      await nav(page);
      await page.getByRole("button", { name: "Voice settings" }).click();
      await sees(page.getByRole("meter"));
    },
  },
  {
    name: "voice, one's connection",
    who: owner,
    path: (scene) => scene.home.pathOf(scene.voice),
    ready: async (page) => {
      await call(page);
      await nav(page);
      await page.getByTitle("Your connection").click();
      await sees(page.getByText("Round trip"));
    },
  },
  {
    name: "voice, diagnostics",
    who: owner,
    path: (scene) => scene.home.pathOf(scene.voice),
    ready: async (page, scene) => {
      await call(page);
      const other = await scene.home.visit(scene.friend, { path: scene.home.pathOf(scene.voice) });
      await call(other);
      await page.keyboard.press("Control+Shift+D");
      const panel = page.getByRole("region", { name: "Diagnostics" });
      await sees(panel.getByRole("group", { name: "Jonas" }).getByRole("table", { name: "Jitter buffer" }).getByText(/ms$/).first());
    },
  },
  {
    name: "voice, somebody's card",
    who: owner,
    path: (scene) => scene.home.pathOf(scene.voice),
    ready: async (page, scene) => {
      await call(page);
      const other = await scene.home.visit(scene.friend, { path: scene.home.pathOf(scene.voice) });
      await call(other);
      await page.getByRole("list", { name: "People in voice" }).getByRole("button", { name: "Jonas" }).click();
      await dialog(page).getByRole("button", { name: "Connection" }).click();
      await sees(dialog(page).getByText("Round trip"));
    },
  },
  {
    name: "voice, taken over",
    who: owner,
    path: (scene) => scene.home.pathOf(scene.voice),
    ready: async (page, scene) => {
      await call(page);
      const other = await scene.home.visit(scene.home.owner, { path: scene.home.pathOf(scene.voice) });
      await other.getByRole("button", { name: "Take it to this one" }).click();
      await nav(page);
      await sees(page.getByRole("button", { name: "Take it back here" }));
      await other.context().close();
    },
  },
];

export const SCREENS: Screen[] = [...entrance, ...inside, ...voice, ...settings];

/** Makes what the screens show. */
export async function scene(home: House): Promise<Scene> {
  const { api } = home.owner;
  const friend = await home.friend("jonas");
  const bare = await home.friend("peer");
  await bare.api.spaces.leave(home.space);
  const keeper = await api.roles.create(home.space, { name: "Keepers", color: "#2d8257", hoist: true, mentionable: true, permissions: "12" });
  await api.roles.create(home.space, { name: "Friends", color: "#8857b8", hoist: false, mentionable: false });
  await api.members.update(home.space, friend.id, { roles: [keeper.id] });
  const talk = await api.channels.create(home.space, { kind: "category", name: "Talk", overwrites: [] });
  const full = await home.channel("kitchen", { parent_id: talk.id, topic: "What is *cooking*" });
  const empty = await home.channel("empty", { parent_id: talk.id });
  const voice = (await api.spaces.get(home.space)).channels.find((one) => one.kind === "voice")!;
  const closedVoice = await home.channel("Council", { kind: "voice", overwrites: [{ target: { kind: "role", id: home.space }, allow: "0", deny: "256" }] });
  const locked = await home.channel("rules", { overwrites: [{ target: { kind: "role", id: home.space }, allow: "0", deny: "2" }] });
  await api.messages.send(locked.id, { content: "Be kind." });
  const first = await friend.api.messages.send(full.id, { content: `<@${home.owner.id}> what is for dinner?\n- soup\n- **bread**\n\n> or both\n\n||pancakes||` });
  await api.messages.send(full.id, { content: "Soup, says the book:\n```ts\nconst soup = await cook({ minutes: 20 }); // stir\n```\nhttps://example.org/soup `stir`", reply_to: first.id });
  await api.messages.react(full.id, first.id, "🥣");
  await friend.api.messages.react(full.id, first.id, "🥣");
  await friend.api.messages.react(full.id, first.id, "👍");
  await api.messages.pin(full.id, first.id);
  const edited = await friend.api.messages.send(full.id, { content: "I bring cups" });
  await friend.api.messages.edit(full.id, edited.id, { content: "I bring bowls" });
  await friend.api.messages.send(home.general.id, { content: `<@${home.owner.id}> over here too` });
  const ghost = await home.friend("ghost");
  await api.bans.create(home.space, ghost.id, { reason: "Too much noise", delete_message_s: 0 });
  await api.invites.create(home.space, { max_uses: 1 });
  const attic = await api.channels.create(home.space, { kind: "text", name: "attic", overwrites: [] });
  await api.channels.delete(attic.id);
  const other = await api.spaces.create({ name: "Closed house", public: true });
  await friend.api.spaces.join(other.id);
  await api.roles.update(other.id, other.id, { permissions: "0" });
  return { home, full, empty, locked, voice, closedVoice, bare, friend, keeper, closed: other.id };
}
