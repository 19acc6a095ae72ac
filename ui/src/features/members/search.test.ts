import { expect, test } from "vitest";
import { emptyState, type State } from "../../state/model";
import { findMembers } from "./search";

const state: State = emptyState();
for (const [id, username, display_name, nickname] of [
  ["1", "zoe_b", "Zoë", null],
  ["2", "peer", "Peer", "The quiet one"],
  ["3", "ana", "Ana Brandt", null],
] as const) {
  state.users[id] = { id, username, display_name, avatar: null, bio: "" };
  state.members["9"] = { ...state.members["9"], [id]: { space_id: "9", user_id: id, nickname, roles: [], joined_at: 0, muted: false, deafened: false } };
}
const found = (text: string) => findMembers(state, "9", text).map((member) => member.user_id);

test("all are found by nothing, by name", () => {
  expect(found("")).toEqual(["3", "2", "1"]);
});

test.each([
  ["zoe", "1"],
  ["QUIET", "2"],
  ["peer", "2"],
  [" brandt ", "3"],
])("%j finds %s", (text, id) => {
  expect(found(text)).toEqual([id]);
});

test("what nobody is called finds nobody", () => {
  expect(found("xyz")).toEqual([]);
});
