import { expect, test } from "vitest";
import { createPreferences } from "../../state/preferences";
import { memoryShelf } from "../storage";
import { accountShelves } from "./shelves";

test("accounts have shelves of their own", () => {
  const shelf = accountShelves(memoryShelf());
  const [one, other] = [shelf("a"), shelf("b")];
  one.set("snug.user", "1");
  expect([one.get("snug.user"), other.get("snug.user"), one.keys(), other.keys()]).toEqual(["1", null, ["snug.user"], []]);
  one.remove("snug.user");
  expect(one.keys()).toEqual([]);
});

test("what is set for the desktop holds in all accounts at once, and what is of an account in that one", () => {
  const kept = memoryShelf();
  const shelf = accountShelves(kept);
  const [[one, setOne], [other]] = [createPreferences(shelf("a")), createPreferences(shelf("b"))];
  setOne("theme", "dark");
  setOne("voice", "threshold", -40);
  setOne("lastSpace", "7");
  expect([other.theme, other.voice.threshold, other.lastSpace]).toEqual(["dark", -40, null]);
  const [later] = createPreferences(accountShelves(kept)("c"));
  expect([later.theme, later.lastSpace, one.lastSpace]).toEqual(["dark", null, "7"]);
});

test("what was broken counts as nothing", () => {
  const kept = memoryShelf();
  kept.set("snug.preferences", "{");
  kept.set("a.snug.preferences", "7");
  expect(createPreferences(accountShelves(kept)("a"))[0].theme).toBe("system");
});
