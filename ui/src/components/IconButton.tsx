import { type JSX, Show, splitProps } from "solid-js";
import { cx } from "./cx";
import { Icon } from "./Icon";
import css from "./IconButton.module.css";
import type { IconName } from "./icons";
import { Spinner } from "./Spinner";
import { type Placement, Tooltip } from "./Tooltip";

export type IconButtonProps = Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, "class" | "disabled"> & {
  icon: IconName;
  /** What it does: read aloud and shown as tooltip. */
  label: string;
  keys?: string | undefined;
  size?: "s" | "m" | undefined;
  danger?: boolean | undefined;
  busy?: boolean | undefined;
  disabled?: boolean | undefined;
  placement?: Placement | undefined;
  class?: string | undefined;
};

/** A button with an icon and a tooltip: `icon`, `label`, `keys`, `size`, `danger`, `busy`; all else goes to the element. */
export function IconButton(props: IconButtonProps) {
  const [own, rest] = splitProps(props, ["icon", "label", "keys", "size", "danger", "busy", "placement", "class", "disabled"]);
  return (
    <Tooltip
      type="button"
      {...(rest as object)}
      text={own.label}
      keys={own.keys}
      placement={own.placement}
      aria-label={own.label}
      disabled={own.disabled || own.busy}
      class={cx(css.button, own.size === "s" && css.small, own.danger && css.danger, own.class)}
    >
      <Show when={own.busy} fallback={<Icon name={own.icon} size={own.size === "s" ? 16 : 19} />}>
        <Spinner size={14} label="Working" />
      </Show>
    </Tooltip>
  );
}
