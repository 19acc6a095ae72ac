import { createUniqueId, For, Show } from "solid-js";
import css from "./ColorPicker.module.css";
import { Icon } from "./Icon";
import { palette } from "./palette";

/** A colour for a role: `label`, `value` (`#rrggbb`, or null for none), `onChange(value)`, `disabled`. Some to choose from, any other by the system's picker. */
export function ColorPicker(props: { label: string; value: string | null; onChange: (value: string | null) => void; disabled?: boolean | undefined }) {
  const name = createUniqueId();
  const custom = () => props.value !== null && !palette.some((color) => color.value === props.value);
  return (
    <fieldset class={css.picker} disabled={props.disabled}>
      <legend class={css.legend}>{props.label}</legend>
      <label class={css.swatch} title="No colour">
        <input class={css.native} type="radio" name={name} checked={props.value === null} onChange={() => props.onChange(null)} />
        <span class={css.none}>
          <Icon name="ban" size={20} />
        </span>
        <span class="aloud">No colour</span>
      </label>
      <For each={palette}>
        {(color) => (
          <label class={css.swatch} title={color.label}>
            <input class={css.native} type="radio" name={name} checked={props.value === color.value} onChange={() => props.onChange(color.value)} />
            <span style={{ background: color.value }}>
              <Show when={props.value === color.value}>
                <Icon name="check" size={16} />
              </Show>
            </span>
            <span class="aloud">{color.label}</span>
          </label>
        )}
      </For>
      <label class={css.swatch} title="Another colour" data-custom={custom() || undefined}>
        <input class={css.native} type="color" value={props.value ?? "#888888"} onInput={(event) => props.onChange(event.currentTarget.value)} aria-label="Another colour" />
        <span style={custom() ? { background: props.value ?? "" } : {}} class={css.custom}>
          <Icon name="palette" size={16} />
        </span>
      </label>
    </fieldset>
  );
}
