import { children, createUniqueId, type JSX, Show } from "solid-js";
import { cx } from "./cx";
import css from "./Toggle.module.css";

export type ToggleProps = {
  label: string;
  hideLabel?: boolean | undefined;
  hint?: JSX.Element;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean | undefined;
};

/** On or off, at once: `label`, `hint`, `checked`, `onChange(checked)`, `disabled`. */
export function Switch(props: ToggleProps) {
  const id = createUniqueId();
  const hint = children(() => props.hint);
  return (
    <div class={cx(css.toggle, css.wide)} data-disabled={props.disabled || undefined}>
      <div class={cx(css.words, props.hideLabel && "aloud")}>
        <label for={id}>{props.label}</label>
        <Show when={hint()}>
          <p id={`${id}-hint`} class={css.hint}>
            {hint()}
          </p>
        </Show>
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        class={css.switch}
        checked={props.checked}
        disabled={props.disabled}
        aria-describedby={hint() ? `${id}-hint` : undefined}
        onChange={(event) => {
          const wanted = event.currentTarget.checked;
          event.currentTarget.checked = props.checked;
          props.onChange(wanted);
          event.currentTarget.checked = props.checked;
        }}
      />
    </div>
  );
}
