import { type JSX, splitProps } from "solid-js";
import { cx } from "./cx";
import { Field, type FieldProps } from "./Field";
import css from "./Field.module.css";
import { room } from "./TextField";

export type TextAreaProps = FieldProps &
  Omit<JSX.TextareaHTMLAttributes<HTMLTextAreaElement>, "onInput" | "value" | "class" | "id"> & {
    value: string;
    onInput: (value: string) => void;
    class?: string | undefined;
  };

/** Some lines of text, growing with what is written: as TextField, and `rows` (3) at first. */
export function TextArea(props: TextAreaProps) {
  const [field, own, rest] = splitProps(props, ["label", "hideLabel", "hint", "error", "aside", "class"], ["value", "onInput", "maxLength", "rows"]);
  return (
    <Field {...field} aside={field.aside ?? room(own.value, own.maxLength as number | undefined)}>
      {(ids) => (
        <textarea
          {...rest}
          {...ids()}
          class={cx(css.control, css.area)}
          style={{ "min-height": `${(Number(own.rows ?? 3) * 1.5 + 1.1) * 0.9375}rem` }}
          rows={own.rows ?? 3}
          maxLength={own.maxLength}
          value={own.value}
          onInput={(event) => own.onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
