import { cx } from "./cx";
import css from "./Progress.module.css";

/** A bar: `value` from 0 to 1, or left out while nobody knows; `label` says what is under way. */
export function Progress(props: { label: string; value?: number | undefined }) {
  return (
    <div
      class={cx(css.bar, props.value === undefined && css.unknown)}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={props.value === undefined ? undefined : Math.round(props.value * 100)}
    >
      <span style={props.value === undefined ? {} : { width: `${props.value * 100}%` }} />
    </div>
  );
}
