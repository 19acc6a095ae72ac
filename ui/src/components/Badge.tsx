import type { JSX } from "solid-js";
import { cx } from "./cx";
import css from "./Badge.module.css";

/** A count or a word in a pill: `quiet` for what is not urgent, `good`, `warn`, `bad` for a state; `label` for screen readers ("3 mentions"). */
export function Badge(props: { children: JSX.Element; quiet?: boolean | undefined; good?: boolean | undefined; warn?: boolean | undefined; bad?: boolean | undefined; label?: string | undefined; class?: string | undefined }) {
  return (
    <span class={cx(css.badge, props.quiet && css.quiet, props.good && css.good, props.warn && css.warn, props.bad && css.bad, props.class)}>
      <span aria-hidden={props.label ? "true" : undefined}>{props.children}</span>
      {props.label ? <span class="aloud">{props.label}</span> : null}
    </span>
  );
}
