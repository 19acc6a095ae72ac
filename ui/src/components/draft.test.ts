import { createSignal } from "solid-js";
import { expect, test } from "vitest";
import { createDraft } from "./draft";

const saved = { name: "general", topic: "", roles: ["1", "2"] as readonly string[] };

test("only what differs is a change", () => {
  const draft = createDraft(() => saved);
  draft.set("name", "plans");
  draft.set("topic", "");
  draft.set("roles", ["1", "2"]);
  expect(draft.changes()).toEqual({ name: "plans" });
});

test("typing back what was there leaves nothing to save", () => {
  const draft = createDraft(() => saved);
  draft.set("name", "plans");
  draft.set("name", "general");
  expect(draft.dirty()).toBe(false);
});

test("what others change shows through in fields that were not touched", () => {
  const [now, setNow] = createSignal(saved);
  const draft = createDraft(now);
  draft.set("name", "plans");
  setNow({ ...saved, topic: "Films" });
  expect([draft.get("name"), draft.get("topic")]).toEqual(["plans", "Films"]);
});

test("a draft is clean once what it asked for is saved", () => {
  const [now, setNow] = createSignal(saved);
  const draft = createDraft(now);
  draft.set("name", "plans");
  setNow({ ...saved, name: "plans" });
  expect(draft.dirty()).toBe(false);
});
