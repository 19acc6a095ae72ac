import { absurd } from "../absurd";
import { parse } from "./markdown";
import type { Block, Inline, Tree } from "./tree";

/** The names that mentions are shown with. Nothing for somebody or something unknown. */
export interface Names {
  user(id: string): string | undefined;
  role(id: string): string | undefined;
  channel(id: string): string | undefined;
}

export interface PlainOptions {
  names?: Names;
  /** Whether hidden text is told. Not by default: a notification or a reply must not give away what is hidden. */
  spoilers?: boolean;
}

/** What a hidden text is told as. */
export const HIDDEN = "(spoiler)";

/** The tree as text without marks: lines for lines, for notifications, previews and screen readers. */
export function plain(tree: Tree, options: PlainOptions = {}): string {
  return tree.blocks.map((block) => ofBlock(block, options)).join("\n");
}

/** A source in one line of at most `most` characters. For an excerpt, a hidden text that was cut off stays hidden. */
export function preview(source: string, options: PlainOptions & { most?: number; cut?: boolean } = {}): string {
  const open = options.cut === true && (source.match(/\|\|/g)?.length ?? 0) % 2 === 1;
  const text = plain(parse(open ? `${source}||` : source), options).replace(/\s+/g, " ").trim();
  const characters = [...text];
  const most = options.most ?? 200;
  if (characters.length > most) return `${characters.slice(0, most - 1).join("").trimEnd()}…`;
  return options.cut === true ? `${text}…` : text;
}

/** The text of some inline content. */
export function plainInline(nodes: readonly Inline[], options: PlainOptions = {}): string {
  return nodes.map((node) => ofInline(node, options)).join("");
}

function ofBlock(block: Block, options: PlainOptions): string {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return plainInline(block.children, options);
    case "quote":
      return block.blocks.map((inner) => ofBlock(inner, options)).join("\n");
    case "list":
      return block.items
        .map((item, i) => `${block.ordered ? `${block.start + i}.` : "•"} ${item.map((inner) => ofBlock(inner, options)).join("\n")}`)
        .join("\n");
    case "code_block":
      return block.text;
    default:
      return absurd(block);
  }
}

function ofInline(node: Inline, options: PlainOptions): string {
  switch (node.type) {
    case "text":
    case "code":
      return node.text;
    case "emoji":
      return node.emoji;
    case "bold":
    case "italic":
    case "underline":
    case "strike":
    case "link":
      return plainInline(node.children, options);
    case "spoiler":
      return options.spoilers === true ? plainInline(node.children, options) : HIDDEN;
    case "user":
      return `@${options.names?.user(node.id) ?? UNKNOWN.user}`;
    case "role":
      return `@${options.names?.role(node.id) ?? UNKNOWN.role}`;
    case "channel":
      return `#${options.names?.channel(node.id) ?? UNKNOWN.channel}`;
    case "everyone":
    case "here":
      return `@${node.type}`;
    default:
      return absurd(node);
  }
}

/** What mentions of the unknown are shown as. */
export const UNKNOWN = { user: "somebody", role: "a role", channel: "a channel" } as const;
