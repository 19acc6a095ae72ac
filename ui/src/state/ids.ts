import type { MessageId } from "../protocol/generated";

/** 2025-01-01T00:00:00Z: where the clock of identifiers starts. */
const EPOCH_MS = 1_735_689_600_000;
const UNITS_PER_MS = 2 ** 22;

/** Which identifier is older: decimal numbers without leading zeros, so the longer one is the greater. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** When the thing with this identifier was made. As a float: it is asked for thousands, and half a millisecond is exact enough. */
export function createdAt(id: string): number {
  return Math.floor(Number(id) / UNITS_PER_MS) + EPOCH_MS;
}

/** The identifier right before this one. */
export function idBefore(id: MessageId): MessageId {
  return String(BigInt(id) - 1n);
}

/** Where `id` is in a list that rises, or where it belongs. */
export function placeOf(ids: readonly string[], id: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareIds(ids[middle]!, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
