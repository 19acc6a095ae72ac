import { cx } from "./cx";
import css from "./Icon.module.css";
import { type IconName, icons } from "./icons";

/** A line icon in the colour of the text. `size` in pixels (20). Give `label` only where no text says the same. */
export function Icon(props: { name: IconName; size?: number | undefined; label?: string | undefined; class?: string | undefined }) {
  return (
    <svg
      class={cx(css.icon, props.class)}
      style={{ width: `${(props.size ?? 20) / 16}rem`, height: `${(props.size ?? 20) / 16}rem` }}
      viewBox="0 0 24 24"
      role={props.label === undefined ? undefined : "img"}
      aria-label={props.label}
      aria-hidden={props.label === undefined ? "true" : undefined}
    >
      <path d={icons[props.name]} />
    </svg>
  );
}
