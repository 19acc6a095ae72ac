import type { JSX } from "solid-js";
import { Icon } from "./Icon";
import type { IconName } from "./icons";
import css from "./Note.module.css";

/** Something to know about this page: `icon`, `warn` for a caution. */
export function Note(props: { icon?: IconName | undefined; warn?: boolean | undefined; children: JSX.Element }) {
  return (
    <div class={css.note} data-warn={props.warn || undefined}>
      <Icon name={props.icon ?? "info"} size={18} />
      <div class={css.words}>{props.children}</div>
    </div>
  );
}
