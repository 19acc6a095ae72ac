import { parse } from "./markdown";
import type { Tree } from "./tree";

const MOST = 1_000;
const trees = new Map<string, Tree>();

/** `parse`, remembering the latest trees: a virtual list draws the same messages again and again. */
export function cached(source: string): Tree {
  const known = trees.get(source);
  const tree = known ?? parse(source);
  // Taken out and put in again, it is the newest: a map keeps the order of insertion.
  trees.delete(source);
  trees.set(source, tree);
  if (trees.size > MOST) trees.delete(trees.keys().next().value!);
  return tree;
}
