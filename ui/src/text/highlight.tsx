import type { Root, RootContent } from "hast";
import { common, createLowlight } from "lowlight";
import type { JSX } from "solid-js";
import styles from "./CodeBlock.module.css";

// Markdown's grammar takes a second for 4,000 characters of `[a](`: one message would hold up everybody's page.
const { markdown: _slow, ...grammars } = common;
const lowlight = createLowlight(grammars);

const MOST = 50;
const trees = new Map<string, Root>();

/** The code as coloured elements. Loaded by the first code block that needs it: the grammars are large. */
export function highlight(language: string, text: string): JSX.Element {
  try {
    return tree(language, text).children.map(element);
  } catch {
    return text;
  }
}

/** Colouring is slow, and a virtual list draws the same code again and again. */
function tree(language: string, text: string): Root {
  const key = `${language} ${text}`;
  const known = trees.get(key);
  if (known !== undefined) return known;
  const made = lowlight.highlight(language, text);
  if (trees.size >= MOST) trees.delete(trees.keys().next().value!);
  trees.set(key, made);
  return made;
}

function element(node: RootContent): JSX.Element {
  switch (node.type) {
    case "text":
      return node.value;
    case "element": {
      const names = node.properties["className"];
      const kind = Array.isArray(names) ? String(names[0]).replace("hljs-", "") : "";
      const color = styles[kind];
      return color === undefined ? <>{node.children.map(element)}</> : <span class={color}>{node.children.map(element)}</span>;
    }
    case "comment":
    case "doctype":
      return null;
  }
}
