import fc from "fast-check";
import { expect, test } from "vitest";
import { channel } from "../../testing/samples";
import { sampleState } from "../../testing/samples";
import { channelTree } from "../../state/selectors";
import { moved, stepOf } from "./reorder";

/** Loose: a, b. One: c, d. Two: e. */
function start() {
  const state = sampleState();
  state.channels = {};
  const put = (id: string, position: number, change = {}) => (state.channels[id] = channel("10", id, { position, ...change }));
  put("1", 0);
  put("2", 1);
  put("10", 2, { kind: "category" });
  put("20", 3, { kind: "category" });
  put("11", 0, { parent_id: "10" });
  put("12", 1, { parent_id: "10" });
  put("21", 0, { parent_id: "20" });
  const shape = (places = [] as ReturnType<typeof moved>) => channelTree(state, "10", places).map((branch) => `${branch.category?.id ?? ""}:${branch.channels.map((one) => one.id).join(",")}`);
  return { tree: channelTree(state, "10"), shape };
}

test("a channel moves within its category", () => {
  const { tree, shape } = start();
  const places = moved(tree, "12", { parentId: "10", before: "11" });
  expect(places).toEqual([
    { id: "12", parent_id: "10", position: 0 },
    { id: "11", parent_id: "10", position: 1 },
  ]);
  expect(shape(places)).toEqual([":1,2", "10:12,11", "20:21"]);
});

test("a channel moves into another category, and out of all", () => {
  const { tree, shape } = start();
  expect(shape(moved(tree, "11", { parentId: "20", before: null }))).toEqual([":1,2", "10:12", "20:21,11"]);
  expect(shape(moved(tree, "21", { parentId: null, before: "2" }))).toEqual([":1,21,2", "10:11,12", "20:"]);
  expect(shape(moved(tree, "21", { parentId: null, before: null }))).toEqual([":1,2,21", "10:11,12", "20:"]);
});

test("a category moves with what is in it, and never into another", () => {
  const { tree, shape } = start();
  expect(shape(moved(tree, "20", { parentId: "10", before: "10" }))).toEqual([":1,2", "20:21", "10:11,12"]);
});

test("what stays where it is changes nothing", () => {
  const { tree } = start();
  expect(moved(tree, "11", { parentId: "10", before: "12" })).toEqual([]);
  expect(moved(tree, "11", { parentId: "10", before: "11" })).toEqual([]);
  expect(moved(tree, "99", { parentId: "10", before: null })).toEqual([]);
});

test("a step leads over the edge of a category", () => {
  const { tree, shape } = start();
  const step = (id: string, direction: -1 | 1) => shape(moved(tree, id, stepOf(tree, id, direction)!));
  expect(step("2", 1)).toEqual([":1", "10:2,11,12", "20:21"]);
  expect(step("11", -1)).toEqual([":1,2,11", "10:12", "20:21"]);
  expect(step("11", 1)).toEqual([":1,2", "10:12,11", "20:21"]);
  expect(stepOf(tree, "1", -1)).toBeNull();
  expect(stepOf(tree, "21", 1)).toBeNull();
  expect(step("10", 1)).toEqual([":1,2", "20:21", "10:11,12"]);
  expect(stepOf(tree, "20", 1)).toBeNull();
});

test("no step loses or doubles a channel, and a step back undoes it", () => {
  const { tree, shape } = start();
  const ids = fc.constantFrom("1", "2", "10", "20", "11", "12", "21");
  fc.assert(
    fc.property(ids, fc.constantFrom(-1 as const, 1 as const), (id, direction) => {
      const to = stepOf(tree, id, direction);
      if (!to) return;
      const after = shape(moved(tree, id, to));
      expect(after.join(",").match(/\d+/g)?.sort()).toEqual(["1", "10", "11", "12", "2", "20", "21"]);
    }),
  );
});
