import { children, createUniqueId, type JSX, Show } from "solid-js";
import { cx } from "./cx";
import css from "./Field.module.css";

/** What the control inside a field is given, so that label, hint and error are read with it. */
export type FieldIds = { id: string; "aria-describedby": string | undefined; "aria-invalid": true | undefined };

export type FieldProps = {
  label: string;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean | undefined;
  hint?: JSX.Element;
  /** What is wrong with the value: shown in place of the hint. */
  error?: string | undefined;
  /** Beside the label, on the right. */
  aside?: JSX.Element;
};

/** A label, a control, a hint or error: `<Field label="Name" error={…}>{(ids) => <input {...ids()} />}</Field>`. */
export function Field(props: FieldProps & { children: (ids: () => FieldIds) => JSX.Element; class?: string | undefined }) {
  const id = createUniqueId();
  const hint = children(() => props.hint);
  const aside = children(() => props.aside);
  const ids = () => ({
    id,
    "aria-describedby": props.error || hint() ? `${id}-hint` : undefined,
    "aria-invalid": props.error ? (true as const) : undefined,
  });
  return (
    <div class={cx(css.field, props.class)}>
      <div class={cx(css.top, props.hideLabel && "aloud")}>
        <label for={id} class={css.label}>
          {props.label}
        </label>
        <Show when={aside()}>
          <span class={css.aside}>{aside()}</span>
        </Show>
      </div>
      {props.children(ids)}
      <Show when={props.error || hint()}>
        <p id={`${id}-hint`} class={props.error ? css.error : css.hint}>
          {props.error || hint()}
        </p>
      </Show>
    </div>
  );
}
