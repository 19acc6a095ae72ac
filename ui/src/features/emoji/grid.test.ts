import { expect, test } from "vitest";
import { layout, move, rowsIn, type Grid, type Move, type Place } from "./grid";

// 0 1 2    (nothing)    0 1 2
// 3 4                   3
const grid: Grid = { counts: [5, 0, 4], columns: 3 };
const at = (group: number, index: number): Place => ({ group, index });
const goes = (from: Place, how: Move): Place => move(grid, from, how);

test("left and right go on in the next row and the next group", () => {
  expect(goes(at(0, 2), "right")).toEqual(at(0, 3));
  expect(goes(at(0, 4), "right")).toEqual(at(2, 0));
  expect(goes(at(2, 0), "left")).toEqual(at(0, 4));
  expect(goes(at(0, 0), "left")).toEqual(at(0, 0));
  expect(goes(at(2, 3), "right")).toEqual(at(2, 3));
});

test("up and down keep the column as far as the row reaches", () => {
  expect(goes(at(0, 1), "down")).toEqual(at(0, 4));
  expect(goes(at(0, 2), "down")).toEqual(at(0, 4));
  expect(goes(at(0, 4), "down")).toEqual(at(2, 1));
  expect(goes(at(2, 2), "up")).toEqual(at(0, 4));
  expect(goes(at(2, 0), "up")).toEqual(at(0, 3));
  expect(goes(at(0, 1), "up")).toEqual(at(0, 1));
  expect(goes(at(2, 3), "down")).toEqual(at(2, 3));
});

test("the ends of row and grid are one key away", () => {
  expect(goes(at(0, 4), "row_start")).toEqual(at(0, 3));
  expect(goes(at(0, 3), "row_end")).toEqual(at(0, 4));
  expect(goes(at(2, 1), "first")).toEqual(at(0, 0));
  expect(goes(at(0, 0), "last")).toEqual(at(2, 3));
});

test("an empty grid has nowhere to go", () => {
  for (const how of ["left", "right", "up", "down", "first", "last"] as Move[]) expect(move({ counts: [], columns: 3 }, at(0, 0), how)).toEqual(at(0, 0));
});

test("only the rows in view are drawn", () => {
  const sizes = { heading: 10, cell: 20 };
  const groups = layout({ counts: [5, 0, 40], columns: 3 }, sizes);
  expect(groups).toEqual([
    { top: 0, height: 50, rows: 2 },
    { top: 50, height: 0, rows: 0 },
    { top: 50, height: 290, rows: 14 },
  ]);
  expect(rowsIn(groups[0]!, sizes, 100, 200)).toEqual([2, 2]);
  expect(rowsIn(groups[2]!, sizes, 100, 200)).toEqual([2, 7]);
  expect(rowsIn(groups[2]!, sizes, 0, 55)).toEqual([0, 0]);
});
