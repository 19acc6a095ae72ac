import { describe, expect, test } from "vitest";
import type { Event } from "../backend/gateway";
import { account, channel, member, message, ready, role, sampleState, user } from "../testing/samples";
import { apply, endTyping, fromReady, TYPING_MS } from "./apply";
import { digest } from "./digest";
import { emptyHistory, emptyState, type State } from "./model";

function after(state: State, ...events: Event[]): State {
  for (const event of events) apply(state, structuredClone(event), 1_000);
  return state;
}

function withHistory(state: State, ids: string[], change: Partial<State["histories"][string]> = {}): State {
  state.histories["11"] = { ...emptyHistory(), status: { at: "loaded" }, ids, messages: Object.fromEntries(ids.map((id) => [id, message("11", id)])), ...change };
  return state;
}

const create = (id: string, author = "2", change = {}): Event => ({ t: "message_create", d: message("11", id, author, change) });

describe("a message that is written", () => {
  test("comes last in the history, counts as unread and moves the channel's newest", () => {
    const state = after(withHistory(sampleState(), ["100"]), create("101"));
    expect(state.histories["11"]?.ids).toEqual(["100", "101"]);
    expect(state.readStates["11"]).toMatchObject({ unread: 1, mentions: 0 });
    expect(state.channels["11"]?.last_message_id).toBe("101");
  });

  test("counts as a mention when it names the reader, one of their roles, or everyone", () => {
    const state = sampleState();
    state.members["10"]!["1"]!.roles = ["12"];
    const mentions = { users: [] as string[], roles: [] as string[], everyone: false };
    after(
      state,
      create("101", "2", { mentions: { ...mentions, users: ["1"] } }),
      create("102", "2", { mentions: { ...mentions, roles: ["12"] } }),
      create("103", "2", { mentions: { ...mentions, everyone: true } }),
      create("104", "2", { mentions: { ...mentions, users: ["2"] } }),
    );
    expect(state.readStates["11"]).toMatchObject({ unread: 4, mentions: 3 });
  });

  test("is not unread when it is one's own", () => {
    expect(after(sampleState(), create("101", "1")).readStates["11"]?.unread).toBe(0);
  });

  test("does not appear below a part of the history that ends earlier", () => {
    const state = after(withHistory(sampleState(), ["100"], { hasAfter: true }), create("101"));
    expect(state.histories["11"]?.ids).toEqual(["100"]);
  });

  test("ends its author's typing", () => {
    const state = after(sampleState(), { t: "typing_start", d: { channel_id: "11", user_id: "2" } });
    expect(state.typing["11"]).toEqual({ "2": 1_000 + TYPING_MS });
    expect(after(state, create("101")).typing["11"]).toEqual({});
  });

  test("stands once, though it is told of twice", () => {
    expect(after(withHistory(sampleState(), []), create("101"), create("101")).histories["11"]?.ids).toEqual(["101"]);
  });
});

test("deleted messages go, and are unread no more", () => {
  const state = after(withHistory(sampleState(), []), create("101"), create("102"), { t: "message_delete", d: { channel_id: "11", ids: ["101"] } });
  expect(state.histories["11"]?.ids).toEqual(["102"]);
  expect(state.readStates["11"]?.unread).toBe(1);
});

test("a restored message comes back to its place", () => {
  const state = after(withHistory(sampleState(), ["100", "102"]), { t: "message_restore", d: message("11", "101") });
  expect(state.histories["11"]?.ids).toEqual(["100", "101", "102"]);
});

test("a message restored outside of what is loaded stays outside", () => {
  const state = after(withHistory(sampleState(), ["100"], { hasBefore: true }), { t: "message_restore", d: message("11", "50") });
  expect(state.histories["11"]?.ids).toEqual(["100"]);
});

test("reactions keep their order, and go with their last person", () => {
  const react = (t: "reaction_add" | "reaction_remove", emoji: string, user_id: string): Event => ({ t, d: { channel_id: "11", message_id: "100", user_id, emoji } });
  const state = after(withHistory(sampleState(), ["100"]), react("reaction_add", "👍", "1"), react("reaction_add", "🎉", "2"), react("reaction_add", "👍", "2"), react("reaction_remove", "👍", "1"));
  expect(state.histories["11"]?.messages["100"]?.reactions).toEqual([
    { emoji: "👍", users: ["2"] },
    { emoji: "🎉", users: ["2"] },
  ]);
  expect(after(state, react("reaction_remove", "👍", "2")).histories["11"]?.messages["100"]?.reactions).toHaveLength(1);
});

test("typing ends by itself", () => {
  const state = after(sampleState(), { t: "typing_start", d: { channel_id: "11", user_id: "2" } });
  endTyping(state, "11", 1_000 + TYPING_MS);
  expect(state.typing["11"]).toEqual({});
});

test("a space that is gone takes everything with it and says why", () => {
  const state = after(withHistory(sampleState(), ["100"]), { t: "space_delete", d: { id: "10", reason: "banned" } });
  expect(state).toMatchObject({ spaceIds: [], spaces: {}, channels: {}, roles: {}, members: {}, histories: {}, readStates: {}, partings: [{ id: "10", name: "Home", reason: "banned" }] });
});

test("nothing needs saying of a space that one left", () => {
  expect(after(sampleState(), { t: "space_delete", d: { id: "10", reason: "left" } }).partings).toEqual([]);
});

describe("after any events, the copy is what a fresh ready would hold", () => {
  const overwrite = { target: { kind: "role", id: "12" }, allow: "0", deny: "1" } as const;
  const base = (): State => {
    const state = sampleState();
    state.members["10"]!["1"]!.roles = ["12"];
    state.channels["11"]!.overwrites = [structuredClone(overwrite), { target: { kind: "member", id: "2" }, allow: "1", deny: "0" }];
    return state;
  };
  const home = { id: "10", name: "Home", description: "", icon: null, public: false, owner_id: "2" };

  test.each<[string, Event[], Parameters<typeof sampleState>[0]]>([
    [
      "a role deleted",
      [{ t: "role_delete", d: { id: "12", space_id: "10" } }],
      { spaces: [{ space: home, channels: [channel("10", "11", { overwrites: [{ target: { kind: "member", id: "2" }, allow: "1", deny: "0" }] })], roles: [role("10", "10")], members: [member("10", "1"), member("10", "2")] }] },
    ],
    [
      "a member gone",
      [{ t: "member_remove", d: { space_id: "10", user_id: "2" } }],
      { spaces: [{ space: home, channels: [channel("10", "11", { overwrites: [structuredClone(overwrite)] })], roles: [role("10", "10"), role("10", "12")], members: [member("10", "1", ["12"])] }], users: [user("1")] },
    ],
    [
      "a message written and a channel made",
      [create("900"), { t: "channel_create", d: channel("10", "9") }],
      {
        spaces: [
          {
            space: home,
            channels: [channel("10", "9"), channel("10", "11", { last_message_id: "900", overwrites: [structuredClone(overwrite), { target: { kind: "member", id: "2" }, allow: "1", deny: "0" }] })],
            roles: [role("10", "10"), role("10", "12")],
            members: [member("10", "1", ["12"]), member("10", "2")],
          },
        ],
      },
    ],
  ])("%s", (_, events, expected) => {
    expect(digest(after(base(), ...events))).toBe(digest(sampleState(expected)));
  });

  test("the digest notices any difference", () => {
    const other = sampleState();
    other.channels["11"]!.topic = "changed";
    expect(digest(other)).not.toBe(digest(sampleState()));
  });

  test("authors met in histories, who share no space, are left out of it", () => {
    const state = sampleState();
    state.users["77"] = user("77");
    expect(digest(state)).toBe(digest(sampleState()));
  });
});

test("a joined space brings its people and what was read", () => {
  const snapshot = ready().spaces[0]!;
  const state = { ...emptyState(), ...fromReady({ ...ready(), spaces: [], users: [user("1")], presences: [], read_states: [], voice_states: [] }) };
  after(state, { t: "space_create", d: { snapshot, users: [user("1"), user("2")], presences: [{ user_id: "2", status: "idle", text: "" }], read_states: [{ channel_id: "11", last_read_id: "5", unread: 2, mentions: 1 }], voice_states: [] } });
  expect(state.spaceIds).toEqual(["10"]);
  expect(state.presences["2"]?.status).toBe("idle");
  expect(state.readStates["11"]?.unread).toBe(2);
});

test("who goes offline has no presence", () => {
  const state = after(sampleState(), { t: "presence_update", d: { presences: [{ user_id: "1", status: "offline", text: "" }] } });
  expect(state.presences).toEqual({});
});

test("an event of a newer server changes nothing", () => {
  const state = sampleState();
  apply(state, { t: "moon_phase", d: {} } as unknown as Event, 0);
  expect(state).toEqual(sampleState());
});

test("one's own account follows its updates", () => {
  expect(after(sampleState(), { t: "account_update", d: account("1", { status: "dnd" }) }).account?.status).toBe("dnd");
});

describe("voice", () => {
  const voice = (channel: string, change = {}) => ({ user_id: "2", channel_id: channel, self_mute: false, self_deaf: false, shares: [], ...change });
  const update = (channel: string, state: ReturnType<typeof voice> | null): Event => ({ t: "voice_state_update", d: { user_id: "2", channel_id: channel, state } });

  test("is where somebody came to last, and nowhere once they left that", () => {
    const state = after(sampleState(), update("11", voice("11")), update("12", voice("12", { self_mute: true })), update("11", null));
    expect(state.voiceStates["2"]).toEqual(voice("12", { self_mute: true }));
    expect(after(state, update("12", null)).voiceStates).toEqual({});
  });

  test("ends with its channel", () => {
    const state = after(sampleState(), update("11", voice("11")), { t: "channel_delete", d: { id: "11", space_id: "10" } });
    expect(state.voiceStates).toEqual({});
  });

  test("is known from the start", () => {
    expect(fromReady({ ...ready(), voice_states: [voice("11")] }).voiceStates).toEqual({ "2": voice("11") });
  });
});
