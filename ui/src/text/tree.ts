/** A message as a tree. Every visible character of the source is in it once, but for the marks that made the tree. */
export interface Tree {
  blocks: Block[];
  /** Whether it is nothing but emoji, at most [`JUMBO`] of them: shown large. */
  jumbo: boolean;
}

export type Block =
  /** Lines of text. A line break is a `\n` in a text node. */
  | { type: "paragraph"; children: Inline[] }
  | { type: "heading"; level: 1 | 2 | 3; children: Inline[] }
  | { type: "quote"; blocks: Block[] }
  /** `start` is the first number of an ordered list. Each item is a sequence of blocks. */
  | { type: "list"; ordered: boolean; start: number; items: Block[][] }
  /** `language` is what stood after the opening backticks, in lower case. */
  | { type: "code_block"; language: string | undefined; text: string };

export type Inline =
  | { type: "text"; text: string }
  | { type: "emoji"; emoji: string }
  | { type: "bold" | "italic" | "underline" | "strike" | "spoiler"; children: Inline[] }
  | { type: "code"; text: string }
  /** `href` begins with `http://`, `https://` or `mailto:`. A bare one has its address as text; another has no link, mention or spoiler inside. */
  | { type: "link"; href: string; bare: boolean; children: Inline[] }
  | { type: "user" | "role" | "channel"; id: string }
  | { type: "everyone" | "here" };

/** As many emoji are shown large. */
export const JUMBO = 27;
/** How deep quotes and lists nest; what is deeper is text. */
export const BLOCK_DEPTH = 5;
/** How deep emphasis nests; what is deeper is text. */
export const INLINE_DEPTH = 10;

/** Adds a node, joining texts. */
export function append(to: Inline[], node: Inline): void {
  const last = to.at(-1);
  if (node.type === "text" && last?.type === "text") to[to.length - 1] = { type: "text", text: last.text + node.text };
  else if (node.type !== "text" || node.text !== "") to.push(node);
}
