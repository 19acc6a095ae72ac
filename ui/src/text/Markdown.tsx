import { createMemo, For, Match, Show, Switch, type JSX } from "solid-js";
import { cached } from "./cache";
import { CodeBlock } from "./CodeBlock";
import { Inlines } from "./Inlines";
import type { Block, Inline } from "./markdown";
import styles from "./Markdown.module.css";

interface MarkdownProps {
  text: string;
  /** What stands at the very end, in the last line of text: an "edited" mark. */
  tail?: JSX.Element;
  class?: string;
}

/** A message's text. Mentions are named by the `MentionsContext` around it. */
export function Markdown(props: MarkdownProps): JSX.Element {
  const tree = createMemo(() => cached(props.text));
  const endsInText = () => tree().blocks.at(-1)?.type === "paragraph";
  return (
    <div class={`${styles["markdown"]} ${props.class ?? ""}`} classList={{ [styles["jumbo"]!]: tree().jumbo }} dir="auto">
      <For each={tree().blocks}>
        {(block, i) => <BlockView block={block} tail={endsInText() && i() === tree().blocks.length - 1 ? props.tail : undefined} />}
      </For>
      <Show when={!endsInText()}>{props.tail}</Show>
    </div>
  );
}

function BlockView(props: { block: Block; tail?: JSX.Element }): JSX.Element {
  return (
    <Switch>
      <Match when={props.block.type === "paragraph" && props.block}>
        {(block) => (
          <p>
            <Inlines nodes={block().children} />
            {props.tail}
          </p>
        )}
      </Match>
      <Match when={props.block.type === "heading" && props.block}>{(block) => <Heading level={block().level} nodes={block().children} />}</Match>
      <Match when={props.block.type === "quote" && props.block}>
        {(block) => (
          <blockquote>
            <For each={block().blocks}>{(inner) => <BlockView block={inner} />}</For>
          </blockquote>
        )}
      </Match>
      <Match when={props.block.type === "list" && props.block}>{(block) => <List list={block()} />}</Match>
      <Match when={props.block.type === "code_block" && props.block}>{(block) => <CodeBlock language={block().language} text={block().text} />}</Match>
    </Switch>
  );
}

/** Headings of a message are below the page's own, so that its outline stays the page's. */
function Heading(props: { level: 1 | 2 | 3; nodes: readonly Inline[] }): JSX.Element {
  return (
    <div role="heading" aria-level={props.level + 2} class={styles[`h${props.level}`]}>
      <Inlines nodes={props.nodes} />
    </div>
  );
}

function List(props: { list: Block & { type: "list" } }): JSX.Element {
  const items = () => (
    <For each={props.list.items}>
      {(item) => (
        <li>
          <For each={item}>{(block) => <BlockView block={block} />}</For>
        </li>
      )}
    </For>
  );
  const digits = () => String(props.list.start + props.list.items.length - 1).length;
  return (
    <Show when={props.list.ordered} fallback={<ul>{items()}</ul>}>
      <ol start={props.list.start} style={{ "--digits": digits() }}>
        {items()}
      </ol>
    </Show>
  );
}
