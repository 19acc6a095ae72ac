import type { RootContent } from "hast";
import { common, createLowlight } from "lowlight";
import type { JSX } from "solid-js";
import styles from "./CodeBlock.module.css";

const lowlight = createLowlight(common);

/** The code as coloured elements. Loaded by the first code block that needs it: the grammars are large. */
export function highlight(language: string, text: string): JSX.Element {
  try {
    return lowlight.highlight(language, text).children.map(element);
  } catch {
    return text;
  }
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
