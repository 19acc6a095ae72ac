import { type JSX, onMount } from "solid-js";
import { IconButton } from "../../components/IconButton";
import css from "./page.module.css";

/** The panel on the right: beside the messages, or as a drawer over them. */
export function SidePanel(props: { title: string; drawer: boolean; onClose: () => void; children: JSX.Element }) {
  let panel!: HTMLElement;
  onMount(() => props.drawer && panel.focus());
  return (
    <aside class={css.side} data-drawer={props.drawer || undefined} aria-label={props.title} tabIndex={-1} ref={(element) => (panel = element)}>
      <header class={css.sideHead}>
        <h2>{props.title}</h2>
        <IconButton icon="close" size="s" label="Close" placement="bottom" onClick={() => props.onClose()} />
      </header>
      {props.children}
    </aside>
  );
}
