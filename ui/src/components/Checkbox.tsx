import { children, createUniqueId, Show } from "solid-js";
import { cx } from "./cx";
import type { ToggleProps } from "./Switch";
import css from "./Toggle.module.css";

/** One choice of a list, or a condition: `label`, `hint`, `checked`, `onChange(checked)`, `disabled`. */
export function Checkbox(props: ToggleProps) {
  const id = createUniqueId();
  const hint = children(() => props.hint);
  return (
    <div class={css.toggle} data-disabled={props.disabled || undefined}>
      <input
        id={id}
        type="checkbox"
        class={css.check}
        checked={props.checked}
        disabled={props.disabled}
        aria-describedby={hint() ? `${id}-hint` : undefined}
        onChange={(event) => {
          const wanted = event.currentTarget.checked;
          props.onChange(wanted);
          event.currentTarget.checked = props.checked;
        }}
      />
      <div class={cx(css.words, props.hideLabel && "aloud")}>
        <label for={id}>{props.label}</label>
        <Show when={hint()}>
          <p id={`${id}-hint`} class={css.hint}>
            {hint()}
          </p>
        </Show>
      </div>
    </div>
  );
}
