import fc from "fast-check";
import { expect, test } from "vitest";
import { PERMISSION_BIT } from "../../protocol/constants";
import type { Channel, Overwrite, Permission, Role } from "../../protocol/generated";
import { allows, bit, inChannel, layerOf, parse } from "../../state/permissions";
import { type Subject, verdict, verdictWords } from "./verdict";

const ROLES = ["1", "11", "12"];
const role = (id: string, permissions: bigint): Role => ({ id, space_id: "1", name: { "1": "@everyone", "11": "Friends", "12": "Quiet" }[id]!, color: null, position: Number(id) - 1, permissions: String(permissions), hoist: false, mentionable: false });
const channel = (id: string, overwrites: Overwrite[]): Channel => ({ id, space_id: "1", kind: "text", name: id === "50" ? "Talk" : "general", topic: "", parent_id: null, position: 0, slow_mode_s: 0, user_limit: 0, opus: null, overwrites, last_message_id: null });
const over = (kind: "role" | "member", id: string, allow: bigint, deny: bigint): Overwrite => ({ target: { kind, id }, allow: String(allow), deny: String(deny) });
const names = { role: (id: string) => role(id, 0n).name, member: () => "Ilse", channel: () => "Talk" };
const roles = Object.fromEntries([role("1", bit("view_channel") | bit("send_messages")), role("11", bit("manage_messages")), role("12", 0n)].map((one) => [one.id, one]));
const friend: Subject = { owner: false, roles: ["11"], user: undefined };

const words = (permission: Permission, subject: Subject, layers: Channel[]) => verdictWords(verdict(permission, subject, "1", roles, layers), "60", names);

test.each<[string, Permission, Subject, Channel[], string]>([
  ["a role gives it", "manage_messages", friend, [channel("60", [])], "Allowed, by the role Friends"],
  ["nobody gives it", "attach_files", friend, [channel("60", [])], "Not allowed: no role gives it"],
  ["the owner", "attach_files", { ...friend, owner: true }, [channel("60", [])], "Allowed: the owner of the space may do everything"],
  ["the category denies it", "send_messages", friend, [channel("50", [over("role", "1", 0n, bit("send_messages"))]), channel("60", [])], "Not allowed, by what the category Talk says for @everyone"],
  ["the channel allows what the category denies", "send_messages", friend, [channel("50", [over("role", "1", 0n, bit("send_messages"))]), channel("60", [over("role", "11", bit("send_messages"), 0n)])], "Allowed, by what this channel says for Friends"],
  ["a hidden channel", "send_messages", friend, [channel("60", [over("role", "1", 0n, bit("view_channel"))])], "Not allowed: the channel is not seen at all"],
  ["a member's own overwrite is last", "view_channel", { ...friend, user: "92" }, [channel("60", [over("member", "92", bit("view_channel"), 0n), over("role", "11", 0n, bit("view_channel"))])], "Allowed, by what this channel says for Ilse"],
])("%s, and the words say so", (_, permission, subject, layers, said) => {
  expect(words(permission, subject, layers)).toBe(said);
});

test("among a member's roles, allowing wins over denying", () => {
  const layers = [channel("60", [over("role", "12", 0n, bit("send_messages")), over("role", "11", bit("send_messages"), 0n)])];
  expect(verdict("send_messages", { ...friend, roles: ["12", "11"] }, "1", roles, layers).allowed).toBe(true);
});

test("the verdict is what the permission sum says, for any overwrites", () => {
  const bits = fc.bigInt({ min: 0n, max: (1n << 21n) - 1n });
  const overwrite = fc.tuple(fc.constantFrom("role" as const, "member" as const), fc.constantFrom(...ROLES, "92"), bits, bits).map(([kind, id, allow, deny]) => over(kind, kind === "member" ? "92" : id, allow, deny & ~allow));
  const layer = fc.uniqueArray(overwrite, { maxLength: 4, selector: (one) => one.target.kind + one.target.id });
  fc.assert(
    fc.property(fc.tuple(bits, bits, bits), fc.subarray(["11", "12"]), layer, layer, fc.boolean(), (sets, mine, category, own, admin) => {
      const all = Object.fromEntries(ROLES.map((id, at) => [id, role(id, sets[at]! | (admin && id === "12" ? bit("administrator") : 0n))]));
      const layers = [channel("50", category), channel("60", own)];
      const base = ["1", ...mine].reduce((sum, id) => sum | parse(all[id]!.permissions), 0n);
      const sum = inChannel(base, layers.map((one) => layerOf(one.overwrites, "1", mine, "92")));
      for (const permission of Object.keys(PERMISSION_BIT) as Permission[]) {
        if (permission === "administrator") continue;
        expect(verdict(permission, { owner: false, roles: mine, user: "92" }, "1", all, layers).allowed, permission).toBe(allows(sum, permission));
      }
    }),
  );
});
