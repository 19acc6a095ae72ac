import * as Kobalte from "@kobalte/core/select";
import { createMemo, Show } from "solid-js";
import { cx } from "./cx";
import { Field, type FieldProps } from "./Field";
import field from "./Field.module.css";
import { Icon } from "./Icon";
import overlay from "./Overlay.module.css";
import type { Choice } from "./RadioGroup";
import css from "./Select.module.css";
import { ON_TOP } from "./top";

/** One of many: `label`, `value`, `options` ({value, label, hint, icon, disabled}), `onChange(value)`, `hint`, `error`, `placeholder`, `disabled`. */
export function Select<T extends string>(
  props: FieldProps & { value: T | undefined; options: Choice<T>[]; onChange: (value: T) => void; placeholder?: string | undefined; disabled?: boolean | undefined; class?: string | undefined },
) {
  // The same options again, made anew, are no change: Kobalte would choose once more, and whoever hears of that makes them anew.
  const options = createMemo(() => props.options, undefined, { equals: sameChoices });
  const chosen = createMemo(() => options().find((option) => option.value === props.value) ?? null);
  return (
    <Field label={props.label} hideLabel={props.hideLabel} hint={props.hint} error={props.error} aside={props.aside} class={props.class}>
      {(ids) => (
        <Kobalte.Root<Choice<T>>
          options={options()}
          optionValue="value"
          optionTextValue="label"
          optionDisabled={(option) => option.disabled ?? false}
          value={chosen()}
          onChange={(option) => option && option.value !== props.value && props.onChange(option.value)}
          disallowEmptySelection
          disabled={props.disabled ?? false}
          placeholder={props.placeholder ?? "Choose"}
          gutter={4}
          sameWidth
          itemComponent={(item) => (
            <Kobalte.Item item={item.item} class={cx(overlay.item, css.item)}>
              <Show when={item.item.rawValue.icon}>{(icon) => <Icon name={icon()} size={17} />}</Show>
              <span class={css.words}>
                <Kobalte.ItemLabel>{item.item.rawValue.label}</Kobalte.ItemLabel>
                <Show when={item.item.rawValue.hint}>
                  <Kobalte.ItemDescription class={css.hint}>{item.item.rawValue.hint}</Kobalte.ItemDescription>
                </Show>
              </span>
              <Kobalte.ItemIndicator class={css.check}>
                <Icon name="check" size={16} />
              </Kobalte.ItemIndicator>
            </Kobalte.Item>
          )}
        >
          <Kobalte.Trigger {...ids()} class={cx(field.control, css.trigger)} aria-label={props.label}>
            <Show when={chosen()?.icon}>{(icon) => <Icon name={icon()} size={17} />}</Show>
            <Kobalte.Value<Choice<T>> class={css.value}>{(state) => state.selectedOption()?.label}</Kobalte.Value>
            <Icon name="chevronDown" size={16} />
          </Kobalte.Trigger>
          <Kobalte.Portal>
            <Kobalte.Content class={cx(overlay.surface, css.content)} {...ON_TOP}>
              <Kobalte.Listbox class={css.list} />
            </Kobalte.Content>
          </Kobalte.Portal>
        </Kobalte.Root>
      )}
    </Field>
  );
}

const FACTS = ["value", "label", "hint", "icon", "disabled"] as const;

function sameChoices(a: Choice<string>[], b: Choice<string>[]): boolean {
  return a.length === b.length && a.every((one, at) => FACTS.every((fact) => one[fact] === b[at]?.[fact]));
}
