import { For } from "solid-js";
import css from "./Kbd.module.css";

/** Keys to press: `<Kbd keys="Ctrl+K" />`. */
export function Kbd(props: { keys: string }) {
  return (
    <span class={css.keys}>
      <For each={props.keys.split("+")}>{(key) => <kbd class={css.key}>{key}</kbd>}</For>
    </span>
  );
}
