import { expect, test } from "vitest";
import type { Channel, ChannelPlace } from "../../protocol/generated";
import { emptyState } from "../../state/model";
import { type Branch, channelTree } from "../../state/selectors";
import { rowsOf, targetOfGap } from "./order";
import { moved } from "./reorder";

const channel = (id: string, kind: Channel["kind"], parent_id: string | null, position: number): Channel => ({ id, space_id: "1", kind, name: id, topic: "", parent_id, position, slow_mode_s: 0, user_limit: 0, opus: null, overwrites: [], last_message_id: null });

/** 10 in no category; 20 with 21, 22; 30 with 31. */
const channels = [channel("10", "text", null, 0), channel("20", "category", null, 1), channel("21", "text", "20", 0), channel("22", "text", "20", 1), channel("30", "category", null, 2), channel("31", "voice", "30", 0)];

function treeOf(all: Channel[]): Branch[] {
  const state = emptyState();
  for (const one of all) state.channels[one.id] = one;
  return channelTree(state, "1");
}

/** The list after the server took the places, with what is in a category indented. */
function after(places: ChannelPlace[]): string {
  const moved = channels.map((one) => {
    const place = places.find((at) => at.id === one.id);
    return place ? { ...one, parent_id: place.parent_id ?? null, position: place.position } : one;
  });
  return rowsOf(treeOf(moved)).map((one) => (one.parent_id ? `-${one.id}` : one.id)).join(" ");
}
const tree = treeOf(channels);

function dropped(id: string, gap: number): ChannelPlace[] {
  const to = targetOfGap(tree, id, gap);
  return to ? moved(tree, id, to) : [];
}

test.each([
  ["within its category", "22", 2, "10 20 -22 -21 30 -31"],
  ["into another category, at its head", "21", 5, "10 20 -22 30 -21 -31"],
  ["to the end of the last category", "21", 6, "10 20 -22 30 -31 -21"],
  ["out of every category", "31", 0, "31 10 20 -21 -22 30"],
  ["right below a category's name", "10", 2, "20 -10 -21 -22 30 -31"],
  ["a category before another, with all in it", "30", 1, "10 30 -31 20 -21 -22"],
  ["a category into the middle of another goes behind it", "20", 6, "10 30 -31 20 -21 -22"],
])("a drop %s", (_, id, gap, list) => {
  expect(after(dropped(id, gap))).toBe(list);
});

test("a drop where it already is changes nothing", () => {
  expect(dropped("21", 2)).toEqual([]);
  expect(dropped("21", 3)).toEqual([]);
});

test("what is dropped is right below what was above the gap", () => {
  for (const { id, kind } of channels) {
    if (kind === "category") continue;
    for (let gap = 0; gap <= channels.length; gap++) {
      const above = rowsOf(tree).slice(0, gap).filter((row) => row.id !== id).at(-1)?.id;
      const list = after(dropped(id, gap)).split(" ").map((row) => row.replace("-", ""));
      expect(list[list.indexOf(id) - 1]).toBe(above);
    }
  }
});
