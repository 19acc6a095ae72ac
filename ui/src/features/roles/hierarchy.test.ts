import { expect, test } from "vitest";
import type { Role } from "../../protocol/generated";
import { emptyState, type State } from "../../state/model";
import { bit } from "../../state/permissions";
import { assignLock, grantLock, overwriteLock, reordered, roleLock, withPermission } from "./hierarchy";

const role = (id: string, position: number, permissions = 0n): Role => ({ id, space_id: "1", name: `role ${id}`, color: null, position, permissions: String(permissions), hoist: false, mentionable: false });
const member = (user: string, roles: string[]) => ({ space_id: "1", user_id: user, nickname: null, roles, joined_at: 0, muted: false, deafened: false });

/** Space 1, owned by 90; one is 91, a moderator (role 12); 13 stands above. */
function scene(me = "91"): State {
  const state = emptyState();
  state.account = { id: me } as State["account"];
  state.spaces["1"] = { id: "1", owner_id: "90" } as State["spaces"][string];
  for (const one of [role("1", 0, bit("view_channel")), role("11", 1), role("12", 2, bit("manage_roles") | bit("kick_members")), role("13", 3, bit("administrator"))]) state.roles[one.id] = one;
  state.members["1"] = { "90": member("90", []), "91": member("91", ["12"]), "92": member("92", ["11"]) };
  return state;
}

test("a role below one's own highest can be changed", () => {
  const state = scene();
  expect(roleLock(state, "1", state.roles["11"]!)).toBeUndefined();
});

test.each(["12", "13"])("a role at or above one's own highest is locked, with the reason (%s)", (id) => {
  const state = scene();
  expect(roleLock(state, "1", state.roles[id]!)).toMatch(/at or above your own highest role/);
});

test("the owner may change every role", () => {
  const state = scene("90");
  expect(Object.values(state.roles).map((one) => roleLock(state, "1", one))).toEqual([undefined, undefined, undefined, undefined]);
});

test("without the permission to manage roles all are locked", () => {
  const state = scene("92");
  expect(roleLock(state, "1", state.roles["1"]!)).toMatch(/need the permission/);
});

test("nobody grants what they lack", () => {
  const state = scene();
  expect([grantLock(state, "1", "11", "kick_members"), grantLock(state, "1", "11", "ban_members")]).toEqual([undefined, expect.stringMatching(/do not have this yourself/)]);
});

test("not even the owner makes everyone an administrator", () => {
  const state = scene("90");
  expect([grantLock(state, "1", "1", "administrator"), grantLock(state, "1", "11", "administrator")]).toEqual([expect.stringMatching(/Not everyone/), undefined]);
});

test.each([
  ["a lower role", { kind: "role", id: "11" }, false],
  ["everyone", { kind: "role", id: "1" }, false],
  ["one's own highest role", { kind: "role", id: "12" }, true],
  ["a lower member", { kind: "member", id: "92" }, false],
  ["oneself", { kind: "member", id: "91" }, false],
  ["the owner", { kind: "member", id: "90" }, true],
] as const)("in a channel a moderator decides about %s, unless it is above (%j)", (_, target, locked) => {
  expect(overwriteLock(scene(), "1", target) !== undefined).toBe(locked);
});

test("a low role that can do more than oneself cannot be given away", () => {
  const state = scene();
  state.roles["11"] = role("11", 1, bit("ban_members"));
  expect(assignLock(state, "1", state.roles["11"])).toMatch(/things that you cannot/);
});

test("a permission is put in and taken out without touching the rest", () => {
  const both = withPermission(bit("speak"), "connect", true);
  expect([both, withPermission(both, "speak", false)]).toEqual([bit("speak") | bit("connect"), bit("connect")]);
});

const list = [role("13", 3), role("12", 2), role("11", 1)];

test("a role moves to the gap it is dropped into", () => {
  expect(reordered(list, "11", 0, Infinity)).toEqual(["11", "13", "12"]);
  expect(reordered(list, "13", 3, Infinity)).toEqual(["12", "11", "13"]);
});

test("a role dropped above one's own highest stops right below it", () => {
  expect(reordered([role("14", 4), ...list], "11", 0, 3)).toEqual(["14", "13", "11", "12"]);
});

test("a drop that changes nothing is no move", () => {
  expect(reordered(list, "12", 1, Infinity)).toBeUndefined();
  expect(reordered(list, "12", 2, Infinity)).toBeUndefined();
});

test("a role at one's own rank does not move", () => {
  expect(reordered(list, "12", 3, 2)).toBeUndefined();
});
