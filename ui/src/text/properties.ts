import { expect } from "vitest";
import { absurd } from "../absurd";
import type { Block, Inline } from "./markdown";
import { parse } from "./markdown";
import { plain, preview } from "./plain";
import { scan } from "./scan";
import { BLOCK_DEPTH, INLINE_DEPTH } from "./tree";

/** What holds for every source. Throws where it does not. */
export function check(source: string): void {
  const tree = parse(source);
  expect(depth(tree.blocks)).toBeLessThanOrEqual(BLOCK_DEPTH);
  visit(tree.blocks, (node) => {
    if (node.type === "link") {
      expect(node.href).toMatch(/^(?:https?:\/\/|mailto:)[^\s<>"`\\]+$/i);
      expect(source).toContain(node.href);
    }
    if ("children" in node) expect(node.children).not.toEqual([]);
    if (node.type === "text") expect(node.text).not.toBe("");
  });
  const mentioned = scan(source).flatMap((token) => ("id" in token ? [token.type + token.id] : token.type === "everyone" || token.type === "here" ? [token.type] : []));
  const drawn: string[] = [];
  visit(tree.blocks, (node) => drawn.push(...("id" in node ? [node.type + node.id] : node.type === "everyone" || node.type === "here" ? [node.type] : [])));
  expect(drawn).toEqual(mentioned);
  expect(letters(told(tree.blocks, true))).toBe(letters(source));
  expect(letters(plain(tree, { spoilers: true, names: ID }))).toBe(letters(told(tree.blocks, false)));
  for (const [characters, used] of marks(tree.blocks)) expect(count(told(tree.blocks, true), characters) + used, characters).toBe(count(source, characters));
  expect(preview(source).length).toBeLessThanOrEqual(400);
}

const ID = { user: (id: string) => id, role: (id: string) => id, channel: (id: string) => id };

/** What no mark takes away: letters, ideographs, emoji, and signs that mean nothing. Digits are left out, for an ordered list counts anew. */
const letters = (text: string): string => text.replace(/[^\p{L}\p{So}!"',{}=%?;$]/gu, "").toLowerCase();

const count = (text: string, characters: string): number => [...text].filter((c) => characters.includes(c)).length;

/** How many characters of a kind became structure: what is not text must have been a mark of something in the tree. */
function marks(blocks: readonly Block[]): Map<string, number> {
  const used = new Map<string, number>([["*_-", 0], ["~", 0], ["|", 0], ["#", 0], ["[", 0]]);
  const use = (characters: string, times: number): void => void used.set(characters, used.get(characters)! + times);
  each(blocks, (block) => {
    if (block.type === "heading") use("#", block.level);
    if (block.type === "list" && !block.ordered) use("*_-", block.items.length);
  });
  visit(blocks, (node) => {
    if (node.type === "bold" || node.type === "underline") use("*_-", 4);
    if (node.type === "italic") use("*_-", 2);
    if (node.type === "strike") use("~", 4);
    if (node.type === "spoiler") use("|", 4);
    if (node.type === "channel") use("#", 1);
    if (node.type === "link" && !node.bare) use("[", 1);
  });
  return used;
}

/** All text in the tree; with what is not shown as text, if wanted: where links lead, and languages. */
function told(blocks: readonly Block[], hidden: boolean): string {
  let out = "";
  const inlines = (nodes: readonly Inline[]): void => {
    for (const node of nodes) {
      if (node.type === "text" || node.type === "code") out += node.text;
      else if (node.type === "emoji") out += node.emoji;
      else if (node.type === "everyone" || node.type === "here") out += node.type;
      else if ("children" in node) {
        inlines(node.children);
        if (node.type === "link" && !node.bare && hidden) out += node.href;
      }
    }
  };
  each(blocks, (block) => {
    if (block.type === "paragraph" || block.type === "heading") inlines(block.children);
    if (block.type === "code_block") out += (hidden ? (block.language ?? "") : "") + block.text;
  });
  return out;
}

function depth(blocks: readonly Block[]): number {
  return Math.max(
    0,
    ...blocks.map((block) => {
      switch (block.type) {
        case "paragraph":
        case "heading":
          expect(inlineDepth(block.children)).toBeLessThanOrEqual(INLINE_DEPTH);
          return 0;
        case "code_block":
          return 0;
        case "quote":
          return 1 + depth(block.blocks);
        case "list":
          return 1 + Math.max(...block.items.map(depth));
        default:
          return absurd(block);
      }
    }),
  );
}

/** Emphasis and links; the text of a bare link is no level of its own. */
const inlineDepth = (nodes: readonly Inline[]): number =>
  Math.max(0, ...nodes.map((node) => ("children" in node && !(node.type === "link" && node.bare) ? 1 + inlineDepth(node.children) : 0)));

/** Every block, outermost first. */
function each(blocks: readonly Block[], call: (block: Block) => void): void {
  for (const block of blocks) {
    call(block);
    if (block.type === "quote") each(block.blocks, call);
    if (block.type === "list") block.items.forEach((item) => each(item, call));
  }
}

function visit(blocks: readonly Block[], call: (node: Inline) => void): void {
  const inlines = (nodes: readonly Inline[]): void => {
    for (const node of nodes) {
      call(node);
      if ("children" in node) inlines(node.children);
    }
  };
  each(blocks, (block) => {
    if (block.type === "paragraph" || block.type === "heading") inlines(block.children);
  });
}
