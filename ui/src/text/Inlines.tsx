import { For, Show, type JSX } from "solid-js";
import { absurd } from "../absurd";
import { foreignHost } from "./links";
import type { Inline } from "./markdown";
import styles from "./Markdown.module.css";
import { Mention } from "./Mention";
import { Spoiler } from "./Spoiler";

/** `quiet` shows links and mentions as text: inside a spoiler that is still closed, nothing can be chosen. */
export function Inlines(props: { nodes: readonly Inline[]; quiet?: boolean }): JSX.Element {
  return <For each={props.nodes}>{(node) => inlineView(node, props.quiet === true)}</For>;
}

function inlineView(node: Inline, quiet: boolean): JSX.Element {
  switch (node.type) {
    case "text":
      return node.text;
    case "emoji":
      return <span class={styles["emoji"]}>{node.emoji}</span>;
    case "bold":
      return (
        <strong>
          <Inlines nodes={node.children} quiet={quiet} />
        </strong>
      );
    case "italic":
      return (
        <em>
          <Inlines nodes={node.children} quiet={quiet} />
        </em>
      );
    case "underline":
      return (
        <u>
          <Inlines nodes={node.children} quiet={quiet} />
        </u>
      );
    case "strike":
      return (
        <s>
          <Inlines nodes={node.children} quiet={quiet} />
        </s>
      );
    case "spoiler":
      return <Spoiler nodes={node.children} quiet={quiet} />;
    case "code":
      return <code class={styles["code"]}>{node.text}</code>;
    case "link":
      return <Link link={node} quiet={quiet} />;
    case "user":
    case "role":
    case "channel":
      return <Mention kind={node.type} id={node.id} quiet={quiet} />;
    case "everyone":
    case "here":
      return <span class={`${styles["mention"]} ${styles["me"]}`}>@{node.type}</span>;
    default:
      return absurd(node);
  }
}

function Link(props: { link: Inline & { type: "link" }; quiet: boolean }): JSX.Element {
  return (
    <Show when={!props.quiet} fallback={<Inlines nodes={props.link.children} quiet />}>
      <a href={props.link.href} target="_blank" rel="noopener noreferrer nofollow" title={props.link.bare ? undefined : props.link.href}>
        <Inlines nodes={props.link.children} />
      </a>
      <Show when={foreignHost(props.link)}>{(host) => <span class={styles["host"]}> ({host()})</span>}</Show>
    </Show>
  );
}
