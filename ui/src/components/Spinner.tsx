import css from "./Spinner.module.css";

/** A turning ring. `label` says what is under way ("Loading members"); `size` in pixels (18). */
export function Spinner(props: { label?: string | undefined; size?: number | undefined }) {
  return (
    <span class={css.spinner} role="status" style={{ "font-size": `${(props.size ?? 18) / 16}rem` }}>
      <span class={css.ring} />
      <span class="aloud">{props.label ?? "Loading"}</span>
    </span>
  );
}
