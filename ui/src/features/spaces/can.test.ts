import { expect, test } from "vitest";
import type { Channel, Role } from "../../protocol/generated";
import { emptyState, type State } from "../../state/model";
import { bit } from "../../state/permissions";
import { pagesOf } from "./can";

function scene(permissions: bigint, overwrites: Channel["overwrites"] = []): State {
  const state = emptyState();
  state.account = { id: "91" } as State["account"];
  state.spaces["1"] = { id: "1", owner_id: "90" } as State["spaces"][string];
  state.roles["1"] = { id: "1", space_id: "1", position: 0, permissions: String(permissions) } as Role;
  state.channels["60"] = { id: "60", space_id: "1", parent_id: null, overwrites } as unknown as Channel;
  state.members["1"] = { "91": { space_id: "1", user_id: "91", nickname: null, roles: [], joined_at: 0, muted: false, deafened: false } };
  return state;
}

test("who may do nothing sees no page", () => {
  expect(pagesOf(scene(bit("view_channel") | bit("create_invites")), "1")).toEqual([]);
});

test("a page is there for each thing one may do", () => {
  expect(pagesOf(scene(bit("ban_members")), "1")).toEqual(["members", "bans"]);
  expect(pagesOf(scene(bit("manage_space")), "1")).toEqual(["overview", "invites"]);
});

test("who manages a single channel finds it under channels", () => {
  const own = { target: { kind: "member" as const, id: "91" }, allow: String(bit("manage_channels")), deny: "0" };
  expect(pagesOf(scene(bit("view_channel"), [own]), "1")).toEqual(["channels"]);
});

test("an administrator sees all", () => {
  expect(pagesOf(scene(bit("administrator")), "1")).toHaveLength(6);
});
