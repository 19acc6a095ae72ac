import { createSignal, Show, type JSX } from "solid-js";
import { Inlines } from "./Inlines";
import styles from "./Markdown.module.css";
import type { Inline } from "./tree";

/** Hidden until chosen. A `button` element cannot break across lines, so this is a span with its role. */
export function Spoiler(props: { nodes: readonly Inline[]; quiet: boolean }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const reveal = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
    setOpen(true);
  };
  return (
    <Show
      when={open()}
      fallback={
        <Show when={!props.quiet} fallback={<Inlines nodes={props.nodes} quiet />}>
          <span
            class={styles["hidden"]}
            role="button"
            tabindex="0"
            aria-label="Spoiler. Show it"
            title="Show the spoiler"
            onClick={reveal}
            onKeyDown={(event) => {
              if (event.key === "Enter" || event.key === " ") reveal(event);
            }}
          >
            <span>
              <Inlines nodes={props.nodes} quiet />
            </span>
          </span>
        </Show>
      }
    >
      <span class={styles["shown"]}>
        <Inlines nodes={props.nodes} />
      </span>
    </Show>
  );
}
