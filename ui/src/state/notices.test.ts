// @vitest-environment jsdom
import { createRoot } from "solid-js";
import { createStore, produce } from "solid-js/store";
import { beforeEach, expect, test } from "vitest";
import type { Event } from "../backend/gateway";
import type { Notice } from "../backend/notices";
import { noNotices } from "../testing/notices";
import { channel, message, ready } from "../testing/samples";
import { apply, fromReady } from "./apply";
import { setOpenChannel } from "./attention";
import { emptyState, type State } from "./model";
import { watchNotices } from "./notices";
import { cleanPreferences } from "./preferences";

let told: (Notice & { shown: boolean; sound: boolean })[];
let withdrawn: string[];
let hear: (event: Event) => void;
let read: (channelId: string) => void;
let shown = true;
let opened: string[];
let click: () => void;

function watch(notify: object): void {
  createRoot(() => {
    const [state, set] = createStore<State>({ ...emptyState(), ...fromReady(ready()) });
    let listener: (event: Event) => void = () => undefined;
    watchNotices(
      {
        state,
        preferences: cleanPreferences({ notify }, true),
        notices: { ...noNotices, tell: (notice, how, then) => (told.push({ ...notice, ...how }), (click = then)), withdraw: (id) => void withdrawn.push(id) },
        onEvent: (listen) => ((listener = listen), () => undefined),
        image: () => undefined,
      },
      { shown: () => shown, open: (path) => void opened.push(path) },
    );
    hear = (event) => {
      set(produce((current) => apply(current, event, 0)));
      listener(event);
    };
    read = (id) => set("readStates", id, "unread", 0);
  });
}

beforeEach(() => {
  [told, withdrawn, opened, shown] = [[], [], [], true];
  setOpenChannel(null);
  document.hasFocus = () => true;
  dispatchEvent(new Event("focus"));
});

const write = (id: string, change = {}): void => hear({ t: "message_create", d: message("11", id, "2", change) });

test("a message is told with its writer and its channel, and a click opens that", () => {
  watch({ about: "everything" });
  write("100", { content: "**tea** for <@2>?" });
  expect(told).toMatchObject([{ spaceId: "10", channelId: "11", title: "User 2 in #channel-11", body: "tea for @User 2?", shown: true, sound: true }]);
  click();
  expect(opened).toEqual(["/spaces/10/channels/11"]);
});

test("what somebody looks at is not told, but what lies in another account is", () => {
  watch({ about: "everything" });
  setOpenChannel("11");
  write("100");
  expect(told).toEqual([]);
  shown = false;
  write("101");
  expect(told).toHaveLength(1);
});

test("only mentions are told to those who want no more, and nothing of one's own", () => {
  watch({ about: "mentions", desktop: false, sound: true });
  write("100");
  hear({ t: "message_create", d: message("11", "101", "1") });
  expect(told).toEqual([]);
  write("102", { mentions: { users: ["1"], roles: [], everyone: false } });
  expect(told).toMatchObject([{ shown: false, sound: true }]);
});

test("what was told is taken back once, when its channel is read", async () => {
  watch({ about: "everything" });
  write("100");
  write("101");
  hear({ t: "channel_create", d: channel("10", "13") });
  expect(withdrawn).toEqual([]);
  read("11");
  await Promise.resolve();
  expect(withdrawn).toEqual(["11"]);
  write("102");
  expect(withdrawn).toEqual(["11"]);
  read("11");
  expect(withdrawn).toEqual(["11", "11"]);
});
