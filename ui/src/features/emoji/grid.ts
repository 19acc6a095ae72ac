/** Groups of cells, one below the other, each with a heading and as many columns. Counts of cells are enough to lay it out and to move in it. */
export interface Grid {
  counts: readonly number[];
  columns: number;
}

/** A cell: which group, and the how manieth in it. */
export interface Place {
  group: number;
  index: number;
}

export type Move = "left" | "right" | "up" | "down" | "row_start" | "row_end" | "first" | "last";

/** Where a move leads; nothing in an empty grid. Groups that are empty are passed over. */
export function move(grid: Grid, from: Place, how: Move): Place {
  const { counts, columns } = grid;
  const count = counts[from.group] ?? 0;
  const column = from.index % columns;
  const rowStart = from.index - column;
  const filled = (group: number, step: 1 | -1): number | undefined => {
    for (let i = group + step; i >= 0 && i < counts.length; i += step) if (counts[i]! > 0) return i;
    return undefined;
  };
  switch (how) {
    case "left": {
      if (from.index > 0) return { ...from, index: from.index - 1 };
      const above = filled(from.group, -1);
      return above === undefined ? from : { group: above, index: counts[above]! - 1 };
    }
    case "right": {
      if (from.index + 1 < count) return { ...from, index: from.index + 1 };
      const below = filled(from.group, 1);
      return below === undefined ? from : { group: below, index: 0 };
    }
    case "up": {
      if (rowStart > 0) return { ...from, index: from.index - columns };
      const above = filled(from.group, -1);
      if (above === undefined) return from;
      const lastRow = Math.floor((counts[above]! - 1) / columns) * columns;
      return { group: above, index: Math.min(lastRow + column, counts[above]! - 1) };
    }
    case "down": {
      if (rowStart + columns < count) return { ...from, index: Math.min(from.index + columns, count - 1) };
      const below = filled(from.group, 1);
      return below === undefined ? from : { group: below, index: Math.min(column, counts[below]! - 1) };
    }
    case "row_start":
      return { ...from, index: rowStart };
    case "row_end":
      return { ...from, index: Math.min(rowStart + columns, count) - 1 };
    case "first":
      return { group: filled(-1, 1) ?? 0, index: 0 };
    case "last": {
      const group = filled(counts.length, -1) ?? 0;
      return { group, index: Math.max(0, (counts[group] ?? 0) - 1) };
    }
  }
}

export interface Sizes {
  heading: number;
  cell: number;
}

/** Where each group begins, in pixels from the top, and its height. */
export function layout(grid: Grid, sizes: Sizes): { top: number; height: number; rows: number }[] {
  let top = 0;
  return grid.counts.map((count) => {
    const rows = Math.ceil(count / grid.columns);
    const height = count === 0 ? 0 : sizes.heading + rows * sizes.cell;
    const group = { top, height, rows };
    top += height;
    return group;
  });
}

/** The rows of a group that a view from `from` to `to` shows, both in pixels: first, and first after the last. */
export function rowsIn(group: { top: number; rows: number }, sizes: Sizes, from: number, to: number): [first: number, end: number] {
  const row = (at: number): number => Math.min(group.rows, Math.max(0, (at - group.top - sizes.heading) / sizes.cell));
  return [Math.floor(row(from)), Math.ceil(row(to))];
}
