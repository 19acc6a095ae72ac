import { blocks } from "./blocks";
import { scan } from "./scan";
import { JUMBO, type Block, type Tree } from "./tree";

export type { Block, Inline, Tree } from "./tree";

/**
 * Reads a message: chat's dialect of Markdown. Never throws, takes time in the length of the source, and nests at most
 * `BLOCK_DEPTH` blocks and `INLINE_DEPTH` emphases deep.
 *
 * Differs from CommonMark where chat does: a line break is one, `__` underlines, `||` hides, a `>` needs a space,
 * a code span ends on its line, an unclosed code block is text, and nothing is HTML.
 */
export function parse(source: string): Tree {
  const tree = blocks(source, scan(source));
  return { blocks: tree, jumbo: isJumbo(tree) };
}

function isJumbo(tree: readonly Block[]): boolean {
  let emoji = 0;
  for (const block of tree) {
    if (block.type !== "paragraph") return false;
    for (const node of block.children) {
      if (node.type === "emoji") emoji++;
      else if (node.type !== "text" || node.text.trim() !== "") return false;
    }
  }
  return emoji > 0 && emoji <= JUMBO;
}
