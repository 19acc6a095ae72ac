import { createSignal, type JSX, Show, splitProps } from "solid-js";
import { cx } from "./cx";
import { Field, type FieldProps } from "./Field";
import css from "./Field.module.css";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";
import type { IconName } from "./icons";

export type TextFieldProps = FieldProps &
  Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "onInput" | "value" | "class" | "id"> & {
    value: string;
    onInput: (value: string) => void;
    /** In front of the text. */
    icon?: IconName | undefined;
    class?: string | undefined;
  };

/** How many of `most` characters are left, once few are. Counted as the server counts: in scalar values. */
export function room(value: string, most: number | undefined): string | undefined {
  if (most === undefined) return undefined;
  const left = most - [...value].length;
  return left <= Math.max(10, most * 0.1) ? `${left} left` : undefined;
}

/** One line of text: `label`, `value`, `onInput(text)`, `hint`, `error`, `icon`, `type` (a password can be looked at), `maxLength` (counted down near the end); all else goes to the input. */
export function TextField(props: TextFieldProps) {
  const [field, own, rest] = splitProps(props, ["label", "hideLabel", "hint", "error", "aside", "class"], ["value", "onInput", "icon", "type", "maxLength"]);
  const [seen, setSeen] = createSignal(false);
  return (
    <Field {...field} aside={field.aside ?? room(own.value, own.maxLength as number | undefined)}>
      {(ids) => (
        <div class={css.with}>
          <Show when={own.icon}>{(icon) => <Icon name={icon()} size={17} />}</Show>
          <input
            {...rest}
            {...ids()}
            class={cx(css.control)}
            type={own.type === "password" && seen() ? "text" : own.type}
            maxLength={own.maxLength}
            value={own.value}
            onInput={(event) => own.onInput(event.currentTarget.value)}
          />
          <Show when={own.type === "password"}>
            <span class={css.end}>
              <IconButton size="s" icon={seen() ? "eyeOff" : "eye"} label={seen() ? "Hide password" : "Show password"} onClick={() => setSeen(!seen())} />
            </span>
          </Show>
        </div>
      )}
    </Field>
  );
}
