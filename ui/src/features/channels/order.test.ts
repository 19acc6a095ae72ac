import fc from "fast-check";
import { expect, test } from "vitest";
import type { Channel, ChannelPlace } from "../../protocol/generated";
import { emptyState } from "../../state/model";
import { type Branch, channelTree } from "../../state/selectors";
import { dropped, rowsOf, stepGap } from "./order";

const channel = (id: string, kind: Channel["kind"], parent_id: string | null, position: number): Channel => ({ id, space_id: "1", kind, name: id, topic: "", parent_id, position, slow_mode_s: 0, user_limit: 0, overwrites: [], last_message_id: null });

/** 10 in no category; 20 with 21, 22; 30 with 31. */
const channels = [channel("10", "text", null, 0), channel("20", "category", null, 1), channel("21", "text", "20", 0), channel("22", "text", "20", 1), channel("30", "category", null, 2), channel("31", "voice", "30", 0)];

function treeOf(all: Channel[]): Branch[] {
  const state = emptyState();
  for (const one of all) state.channels[one.id] = one;
  return channelTree(state, "1");
}

/** The list after the server took the places, with what is in a category indented. */
function after(places: ChannelPlace[] | undefined): string {
  const moved = channels.map((one) => {
    const place = places?.find((at) => at.id === one.id);
    return place ? { ...one, parent_id: place.parent_id ?? null, position: place.position } : one;
  });
  return rowsOf(treeOf(moved)).map((one) => (one.parent_id ? `-${one.id}` : one.id)).join(" ");
}
const tree = treeOf(channels);

test.each([
  ["within its category", "22", 2, "10 20 -22 -21 30 -31"],
  ["into another category, at its head", "21", 5, "10 20 -22 30 -21 -31"],
  ["to the end of the last category", "21", 6, "10 20 -22 30 -31 -21"],
  ["out of every category", "31", 0, "31 10 20 -21 -22 30"],
  ["right below a category's name", "10", 2, "20 -10 -21 -22 30 -31"],
  ["a category before another, with all in it", "30", 1, "10 30 -31 20 -21 -22"],
  ["a category into the middle of another goes behind it", "20", 6, "10 30 -31 20 -21 -22"],
])("a drop %s", (_, id, gap, list) => {
  expect(after(dropped(tree, id, gap))).toBe(list);
});

test("a drop where it already is changes nothing", () => {
  expect(dropped(tree, "21", 2)).toBeUndefined();
  expect(dropped(tree, "21", 3)).toBeUndefined();
});

test.each([
  ["22", -1, "10 20 -22 -21 30 -31"],
  ["21", -1, "10 21 20 -22 30 -31"],
  ["22", 1, "10 20 -21 30 -22 -31"],
  ["30", -1, "10 30 -31 20 -21 -22"],
  ["20", 1, "10 30 -31 20 -21 -22"],
] as const)("a step of %s by %d", (id, by, list) => {
  expect(after(dropped(tree, id, stepGap(tree, id, by)))).toBe(list);
});

test("no drop loses a channel or puts one in two places", () => {
  fc.assert(
    fc.property(fc.constantFrom(...channels.map((one) => one.id)), fc.integer({ min: 0, max: 6 }), (id, gap) => {
      const places = dropped(tree, id, gap) ?? [];
      const seats = places.map((place) => `${place.parent_id}/${place.position}`);
      expect(new Set(seats).size).toBe(seats.length);
      expect(places.length === 0 || new Set(places.map((place) => place.id)).size === channels.length).toBe(true);
    }),
  );
});
