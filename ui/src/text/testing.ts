import { absurd } from "../absurd";
import type { Block, Inline, Tree } from "./markdown";

/** A tree in one line: `p{some bold{text}}`, blocks apart by ` / `, `⏎` for a line break. */
export function show(tree: Tree): string {
  return `${tree.jumbo ? "jumbo " : ""}${ofBlocks(tree.blocks)}`;
}

const ofBlocks = (blocks: readonly Block[]): string => blocks.map(ofBlock).join(" / ");
const ofInlines = (nodes: readonly Inline[]): string => nodes.map(ofInline).join("");
const visible = (text: string): string => text.replaceAll("\n", "⏎");

function ofBlock(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return `p{${ofInlines(block.children)}}`;
    case "heading":
      return `h${block.level}{${ofInlines(block.children)}}`;
    case "quote":
      return `quote{${ofBlocks(block.blocks)}}`;
    case "list":
      return `${block.ordered ? `ol${block.start}` : "ul"}{${block.items.map((item) => `li{${ofBlocks(item)}}`).join("")}}`;
    case "code_block":
      return `pre${block.language === undefined ? "" : `:${block.language}`}{${visible(block.text)}}`;
    default:
      return absurd(block);
  }
}

function ofInline(node: Inline): string {
  switch (node.type) {
    case "text":
      return visible(node.text);
    case "emoji":
      return `(${node.emoji})`;
    case "code":
      return `code{${node.text}}`;
    case "link":
      return node.bare ? `<${node.href}>` : `a{${ofInlines(node.children)} -> ${node.href}}`;
    case "bold":
    case "italic":
    case "underline":
    case "strike":
    case "spoiler":
      return `${node.type}{${ofInlines(node.children)}}`;
    case "user":
    case "role":
    case "channel":
      return `${node.type}(${node.id})`;
    case "everyone":
    case "here":
      return `@@${node.type}`;
    default:
      return absurd(node);
  }
}
