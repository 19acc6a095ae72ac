// @vitest-environment jsdom
import { createRoot } from "solid-js";
import { beforeEach, expect, test } from "vitest";
import { tabLock } from "../backend/lock";
import type { SocketListener } from "../backend/socket";
import { memoryShelf } from "../backend/storage";
import type { Entry } from "../protocol/desktop";
import type { LoggedIn } from "../protocol/generated";
import { VERSION } from "../protocol/constants";
import { fakeClock, settle } from "../testing/clock";
import { noNotices } from "../testing/notices";
import { account } from "../testing/samples";
import { createFleet, type Fleet } from "./fleet";
import { obey, trayState } from "./shell";

const entry = (id: string, origin: string): Entry => ({ id, origin, name: `Server ${id}`, pinned: null, account: null });

let fleet: Fleet;
let added: string[];
let moved: string[];
/** What each account's server answers; a missing one is a server that cannot be reached. */
let answers: Record<string, unknown>;
let sockets: Record<string, SocketListener>;

async function open(...list: Entry[]): Promise<void> {
  const clock = fakeClock();
  const shelves = new Map(list.map((one) => [one.id, memoryShelf()]));
  fleet = createRoot(() =>
    createFleet({
      servers: () => Promise.resolve({ entries: list, kept: "file" }),
      add: (address) => (added.push(address), Promise.resolve(entry("new", address))),
      know: () => Promise.resolve(),
      remove: () => Promise.resolve(),
      order: () => Promise.resolve(),
      pin: () => Promise.resolve(),
      world: ({ id, origin }) => ({
        fetch: () => (answers[id] ? Promise.resolve(new Response(JSON.stringify(answers[id]))) : Promise.reject(new TypeError("unreachable"))),
        openSocket: (listener) => ((sockets[id] = listener), { send: () => undefined, close: () => undefined }),
        origin: () => origin,
        image: () => "",
        shelf: shelves.get(id) ?? memoryShelf(),
        lock: tabLock,
        timer: clock.timer,
        now: clock.now,
        random: () => 0.5,
        voice: () => Promise.reject(new Error("no voice in this test")),
        notices: noNotices,
      }),
      shelf: memoryShelf(),
      passing: memoryShelf(),
    }),
  );
  await fleet.load();
}

beforeEach(() => {
  added = [];
  moved = [];
  [answers, sockets] = [{}, {}];
  history.replaceState(null, "", "/spaces/1");
  addEventListener("popstate", () => moved.push(location.pathname));
});

test("a link to a server that is not known waits to be looked at, and adds nothing", async () => {
  await open(entry("a", "https://a.example"));
  const link = { address: "https://b.example:7070", invite: "abc" };
  obey(fleet, { type: "open", link });
  expect(fleet.shown()).toBeUndefined();
  expect(fleet.asked()).toEqual(link);
  expect(added).toEqual([]);
  fleet.show("a");
  expect(fleet.asked()).toBeNull();
});

test("an invite to a server that is known is shown there, however the server is reached", async () => {
  await open(entry("a", "https://a.example"), entry("b", "http://192.0.2.7:7070"), entry("c", "http://192.0.2.7:7070"));
  obey(fleet, { type: "open", link: { address: "https://192.0.2.7:7070", invite: "abc" } });
  expect([fleet.shown()?.id, location.pathname]).toEqual(["b", "/invite/abc"]);
  fleet.show("c");
  obey(fleet, { type: "open", link: { address: "https://192.0.2.7:7070", invite: "def" } });
  expect([fleet.shown()?.id, location.pathname], "the account that is shown is as good").toEqual(["c", "/invite/def"]);
  obey(fleet, { type: "open", link: { address: "https://a.example", invite: null } });
  expect([fleet.shown()?.id, location.pathname], "and where one was before is kept").toEqual(["a", "/spaces/1"]);
});

test("a click on a notification shows the account and the channel", async () => {
  await open(entry("a", "https://a.example"), entry("b", "https://b.example"));
  obey(fleet, { type: "channel", account: "b", space: "10", channel: "11" });
  expect([fleet.shown()?.id, location.pathname]).toEqual(["b", "/spaces/10/channels/11"]);
  obey(fleet, { type: "channel", account: "b", space: "10", channel: "12" });
  expect(moved.at(-1), "whoever shows pages hears of it").toBe("/spaces/10/channels/12");
  obey(fleet, { type: "channel", account: "gone", space: "10", channel: "13" });
  expect(fleet.shown()?.id).toBe("b");
});

test("the tray mutes the account that is shown while none talks", async () => {
  await open(entry("a", "https://a.example"), entry("b", "https://b.example"));
  fleet.show("b");
  expect(trayState(fleet)).toEqual({ voice: null, muted: false, deafened: false, unread: false, mentions: 0 });
  obey(fleet, { type: "mute", on: true });
  expect(fleet.account("b")?.snug.voice.muted()).toBe(true);
  expect(fleet.account("a")?.snug.voice.muted()).toBe(false);
  obey(fleet, { type: "deafen", on: true });
  expect(trayState(fleet)).toMatchObject({ muted: true, deafened: true });
  obey(fleet, { type: "mute", on: false });
  expect(trayState(fleet), "who wants to speak wants to hear").toMatchObject({ muted: false, deafened: false });
  obey(fleet, { type: "leave" });
});

test.each([
  [VERSION + 1, "Snug on this computer is older than the server. Update it."],
  [VERSION - 1, "The server is older than this app. Ask whoever runs it to update it."],
])("a server of version %i of the protocol is refused, with what is to be updated", async (version, words) => {
  answers["a"] = { tokens: { access_token: "t", access_expires_at: 9e15, refresh_token: null, session_id: "900" }, account: account("1"), space_id: null };
  await open(entry("a", "https://a.example"), entry("b", "https://b.example"));
  fleet.account("a")!.snug.welcome(answers["a"] as LoggedIn);
  await settle();
  sockets["a"]!.message(JSON.stringify({ op: "hello", d: { version, instance: "i", heartbeat_interval_ms: 1_000 } }));
  expect(fleet.standing("a")).toBe("refused");
  expect(fleet.trouble("a")?.message).toBe(words);
  expect(fleet.trouble("b")).toBeNull();
});
