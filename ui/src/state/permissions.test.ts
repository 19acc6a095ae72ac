import { expect, test } from "vitest";
import { EVERYONE_PERMISSIONS } from "../protocol/constants";
import type { Permission } from "../protocol/generated";
import { channel, member, role, sampleState } from "../testing/samples";
import { ALL, allows, bit, channelPermissions, rank, spacePermissions, standsAbove } from "./permissions";

const set = (...permissions: Permission[]): string => String(permissions.reduce((sum, one) => sum | bit(one), 0n));
const everyone = { kind: "role", id: "10" } as const;

test("a member has what everyone has and what their roles add", () => {
  const state = sampleState();
  state.roles["12"] = role("10", "12", { permissions: set("manage_messages") });
  expect(String(spacePermissions(state, "10"))).toBe(EVERYONE_PERMISSIONS);
  state.members["10"]!["1"] = member("10", "1", ["12"]);
  expect(allows(spacePermissions(state, "10"), "manage_messages")).toBe(true);
});

test("the owner and administrators may do everything everywhere", () => {
  const state = sampleState();
  state.channels["11"]!.overwrites = [{ target: everyone, allow: "0", deny: set("view_channel") }];
  expect(channelPermissions(state, "11", "1")).toBe(0n);
  expect(channelPermissions(state, "11", "2")).toBe(ALL);
  state.roles["12"] = role("10", "12", { permissions: set("administrator") });
  state.members["10"]!["1"] = member("10", "1", ["12"]);
  expect(channelPermissions(state, "11", "1")).toBe(ALL);
});

test("a stranger may do nothing", () => {
  expect(spacePermissions(sampleState(), "10", "3")).toBe(0n);
  expect(channelPermissions(sampleState(), "11", "3")).toBe(0n);
});

test("the channel comes after its category, roles after everyone, the member last; allowing wins over denying on each step", () => {
  const state = sampleState();
  state.members["10"]!["1"] = member("10", "1", ["12"]);
  state.channels["20"] = channel("10", "20", { kind: "category", overwrites: [{ target: everyone, allow: "0", deny: set("send_messages") }] });
  state.channels["11"] = channel("10", "11", { parent_id: "20" });
  const may = (): boolean => allows(channelPermissions(state, "11"), "send_messages");
  expect(may()).toBe(false);
  state.channels["11"].overwrites = [{ target: everyone, allow: set("send_messages"), deny: "0" }];
  expect(may()).toBe(true);
  state.channels["11"].overwrites.push({ target: { kind: "role", id: "12" }, allow: "0", deny: set("send_messages") });
  expect(may()).toBe(false);
  state.channels["11"].overwrites.push({ target: { kind: "member", id: "1" }, allow: set("send_messages"), deny: "0" });
  expect(may()).toBe(true);
});

test("who may not see a channel may do nothing in it", () => {
  const state = sampleState();
  state.channels["11"]!.overwrites = [{ target: everyone, allow: set("manage_messages"), deny: set("view_channel") }];
  expect(channelPermissions(state, "11")).toBe(0n);
});

test("an overwrite cannot give administration", () => {
  const state = sampleState();
  state.channels["11"]!.overwrites = [{ target: { kind: "member", id: "1" }, allow: set("administrator"), deny: "0" }];
  expect(allows(channelPermissions(state, "11"), "ban_members")).toBe(false);
});

test("one stands above those whose highest role is lower; the owner above all", () => {
  const state = sampleState();
  state.roles["12"] = role("10", "12", { position: 3 });
  state.members["10"]!["1"] = member("10", "1", ["12"]);
  state.members["10"]!["3"] = member("10", "3");
  expect(rank(state, "10", "1")).toBe(3);
  expect(standsAbove(state, "10", "3")).toBe(true);
  expect(standsAbove(state, "10", "1")).toBe(false);
  expect(standsAbove(state, "10", "2")).toBe(false);
  expect(standsAbove(state, "10", "1", "2")).toBe(true);
});
