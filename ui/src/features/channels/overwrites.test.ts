import fc from "fast-check";
import { expect, test } from "vitest";
import { PERMISSION_BIT } from "../../protocol/constants";
import type { Channel, Permission } from "../../protocol/generated";
import { bit } from "../../state/permissions";
import { changesOf, isPrivate, NOTHING, privateFor, tristate, withChanges, withTristate } from "./overwrites";

const permission = fc.constantFrom(...(Object.keys(PERMISSION_BIT) as Permission[]));
const state = fc.constantFrom("allow" as const, "inherit" as const, "deny" as const);
const channel: Channel = { id: "60", space_id: "1", kind: "text", name: "general", topic: "", parent_id: null, position: 0, slow_mode_s: 0, user_limit: 0, opus: null, overwrites: [], last_message_id: null };

test("a permission reads as it was last set, and nothing is both allowed and denied", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(permission, state)), (steps) => {
      const end = steps.reduce((change, [one, to]) => withTristate(change, one, to), NOTHING);
      expect(end.allow & end.deny).toBe(0n);
      for (const [one, to] of new Map(steps)) expect(tristate(end, one)).toBe(to);
    }),
  );
});

test("setting everything back to inherit leaves no overwrite", () => {
  const change = withTristate(withTristate(NOTHING, "speak", "deny"), "speak", "inherit");
  expect(withChanges(channel, { "role/1": change }).overwrites).toEqual([]);
});

test("overwrites survive the way into the editor and back", () => {
  const overwrites = [
    { target: { kind: "role" as const, id: "1" }, allow: "2", deny: "1" },
    { target: { kind: "member" as const, id: "92" }, allow: "1", deny: "0" },
  ];
  expect(withChanges(channel, changesOf(overwrites)).overwrites).toEqual(overwrites);
});

test("a new private channel is seen by the chosen roles and its maker, and by nobody else", () => {
  const made = { ...channel, overwrites: privateFor("1", ["11"], "91") };
  expect(isPrivate(made)).toBe(true);
  expect(made.overwrites.filter((one) => one.allow === String(bit("view_channel"))).map((one) => one.target.id)).toEqual(["11", "91"]);
});
