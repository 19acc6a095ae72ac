import { createUniqueId, For, type JSX, Show } from "solid-js";
import { Icon } from "./Icon";
import type { IconName } from "./icons";
import css from "./RadioGroup.module.css";

/** One of some choices. */
export type Choice<T extends string> = { value: T; label: string; hint?: JSX.Element; icon?: IconName | undefined; disabled?: boolean | undefined };

/** A choice that needs words: `label`, `value`, `options` ({value, label, hint, icon, disabled}), `onChange(value)`. */
export function RadioGroup<T extends string>(props: { label: string; hideLabel?: boolean | undefined; value: T | undefined; options: Choice<T>[]; onChange: (value: T) => void; disabled?: boolean | undefined }) {
  const name = createUniqueId();
  return (
    <fieldset class={css.group}>
      <legend class={props.hideLabel ? "aloud" : css.legend}>{props.label}</legend>
      <For each={props.options}>
        {(option) => (
          <label class={css.choice} data-chosen={props.value === option.value || undefined}>
            <input
              class={css.radio}
              type="radio"
              name={name}
              checked={props.value === option.value}
              disabled={props.disabled || option.disabled}
              onChange={() => props.onChange(option.value)}
            />
            <span class={css.words}>
              <span class={css.label}>{option.label}</span>
              <Show when={option.hint}>
                <span class={css.hint}>{option.hint}</span>
              </Show>
            </span>
            <Show when={option.icon}>{(icon) => <Icon name={icon()} class={css.icon} />}</Show>
          </label>
        )}
      </For>
    </fieldset>
  );
}
