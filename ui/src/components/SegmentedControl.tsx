import { createUniqueId, For, Show } from "solid-js";
import { cx } from "./cx";
import { Icon } from "./Icon";
import type { Choice } from "./RadioGroup";
import css from "./SegmentedControl.module.css";

/** A short choice in one line: `label`, `value`, `options`, `onChange(value)`; `icons` shows the icons alone. */
export function SegmentedControl<T extends string>(props: {
  label: string;
  hideLabel?: boolean | undefined;
  value: T;
  options: Choice<T>[];
  onChange: (value: T) => void;
  icons?: boolean | undefined;
  small?: boolean | undefined;
  disabled?: boolean | undefined;
}) {
  const name = createUniqueId();
  return (
    <fieldset class={css.group}>
      <legend class={props.hideLabel ? "aloud" : css.legend}>{props.label}</legend>
      <div class={cx(css.track, props.small && css.small)}>
        <For each={props.options}>
          {(option) => (
            <label class={css.segment} title={props.icons ? option.label : undefined} data-value={option.value}>
              <input
                class={css.native}
                type="radio"
                name={name}
                checked={props.value === option.value}
                disabled={props.disabled || option.disabled}
                onChange={() => props.onChange(option.value)}
              />
              <Show when={option.icon}>{(icon) => <Icon name={icon()} size={props.small ? 15 : 17} />}</Show>
              <span class={props.icons ? "aloud" : undefined}>{option.label}</span>
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
}
