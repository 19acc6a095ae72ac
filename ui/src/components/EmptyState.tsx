import { children, type JSX, Show } from "solid-js";
import css from "./EmptyState.module.css";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

/** Nothing here yet: `icon`, `title`, `children` say what to do next, `action` (a Button) does it. */
export function EmptyState(props: { icon?: IconName | undefined; title: string; children?: JSX.Element; action?: JSX.Element }) {
  const content = children(() => props.children);
  return (
    <div class={css.empty}>
      <Show when={props.icon}>
        {(icon) => (
          <span class={css.icon}>
            <Icon name={icon()} size={26} />
          </span>
        )}
      </Show>
      <p class={css.title}>{props.title}</p>
      <Show when={content()}>
        <p class={css.text}>{content()}</p>
      </Show>
      {props.action}
    </div>
  );
}
