import css from "./MethodBadge.module.css";
import type { Method } from "./openapi";

/** A method in its colour. */
export function MethodBadge(props: { method: Method; large?: boolean }) {
  return (
    <span class={css.badge} data-method={props.method} data-large={props.large || undefined}>
      {props.method.toUpperCase()}
    </span>
  );
}
