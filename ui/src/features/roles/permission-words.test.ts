import { expect, test } from "vitest";
import { PERMISSION_BIT } from "../../protocol/constants";
import { groupsFor, PERMISSION_GROUPS } from "./permission-words";

const labels = (kind: "text" | "voice" | "category") => groupsFor(kind).flatMap((group) => group.permissions.map((one) => one.permission));

test("every permission stands in the editor, once", () => {
  const shown = PERMISSION_GROUPS.flatMap((group) => group.permissions.map((one) => one.permission));
  expect(shown.toSorted()).toEqual(Object.keys(PERMISSION_BIT).toSorted());
});

test("a text channel has nothing about voice", () => {
  expect(labels("text")).not.toContain("speak");
});

test("a category has all that its channels can have", () => {
  expect(labels("category")).toEqual(expect.arrayContaining([...labels("text"), ...labels("voice")]));
});

test("what is a matter of the space cannot be set in a channel", () => {
  for (const permission of ["administrator", "manage_space", "ban_members", "kick_members"]) expect(labels("category")).not.toContain(permission);
});
