import { type JSX, Show, splitProps } from "solid-js";
import css from "./Button.module.css";
import { cx } from "./cx";
import { Icon } from "./Icon";
import type { IconName } from "./icons";
import { Spinner } from "./Spinner";

/** `primary` is the one thing to do here, `danger` destroys, `soft-danger` leads to that, `quiet` has no back, `plain` is the rest. */
export type ButtonKind = "plain" | "primary" | "danger" | "quiet" | "quiet-danger" | "soft-danger";

export type ButtonProps = Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, "class"> & {
  kind?: ButtonKind | undefined;
  small?: boolean | undefined;
  icon?: IconName | undefined;
  /** Under way: shows a spinner and takes no clicks. */
  busy?: boolean | undefined;
  class?: string | undefined;
};

/** A button with words. `kind`, `small`, `icon`, `busy`; all else goes to the element. */
export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, ["kind", "small", "icon", "busy", "class", "children", "disabled"]);
  return (
    <button
      type="button"
      {...rest}
      disabled={own.disabled || own.busy}
      aria-busy={own.busy || undefined}
      class={cx(css.button, css[own.kind ?? "plain"], own.small && css.small, own.busy && css.busy, own.class)}
    >
      <Show when={own.busy} fallback={<Show when={own.icon}>{(icon) => <Icon name={icon()} size={own.small ? 16 : 18} />}</Show>}>
        <Spinner size={own.small ? 13 : 15} label="Working" />
      </Show>
      <span class={css.words}>{own.children}</span>
    </button>
  );
}
