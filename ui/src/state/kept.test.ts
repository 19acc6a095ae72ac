import { expect, test } from "vitest";
import { memoryShelf } from "../backend/storage";
import { Drafts } from "./drafts";
import { cleanPreferences, createPreferences } from "./preferences";

test("a draft is there after a reload, with what it answers", () => {
  const shelf = memoryShelf();
  new Drafts("1", shelf).setDraft("11", { text: "Hello @Marta", replyTo: "100" });
  const reloaded = new Drafts("1", shelf);
  expect(reloaded.draft("11")).toEqual({ text: "Hello @Marta", replyTo: "100" });
  expect(reloaded.has("11")).toBe(true);
});

test("a draft that was sent leaves nothing behind", () => {
  const shelf = memoryShelf();
  const drafts = new Drafts("1", shelf);
  drafts.setDraft("11", { text: "Hello" });
  drafts.setDraft("11", { text: "", replyTo: null });
  expect(shelf.keys()).toEqual([]);
});

test("an edit that was begun is there after a reload", () => {
  const shelf = memoryShelf();
  new Drafts("1", shelf).setEdit("11", { messageId: "100", text: "better" });
  expect(new Drafts("1", shelf).edit("11")?.text).toBe("better");
});

test("nobody sees another's drafts", () => {
  const shelf = memoryShelf();
  new Drafts("1", shelf).setDraft("11", { text: "secret" });
  expect(new Drafts("2", shelf).draft("11").text).toBe("");
});

test("drafts that cannot be read are left out", () => {
  const shelf = memoryShelf();
  shelf.set("snug.draft.1.11", "{broken");
  shelf.set("snug.draft.1.12", JSON.stringify({ text: 7 }));
  expect(new Drafts("1", shelf).has("11")).toBe(false);
});

test.each([undefined, null, 5, "x", [], { theme: "pink", textSize: 99, notify: 3, emoji: { tone: 9, recent: [1] }, folded: { a: 1 } }])("preferences are valid, whatever is found: %j", (found) => {
  expect(cleanPreferences(found)).toEqual(cleanPreferences(undefined));
});

test("a preference that is set is kept", () => {
  const shelf = memoryShelf();
  createPreferences(shelf)[1]("theme", "dark");
  expect(createPreferences(shelf)[0].theme).toBe("dark");
});
