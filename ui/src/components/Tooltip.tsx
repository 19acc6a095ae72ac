import * as Kobalte from "@kobalte/core/tooltip";
import { type JSX, Show, splitProps, type ValidComponent } from "solid-js";
import { Kbd } from "./Kbd";
import css from "./Tooltip.module.css";

/** Where an overlay stands beside its trigger. */
export type Placement = "top" | "bottom" | "left" | "right" | "bottom-start" | "bottom-end" | "top-start" | "top-end" | "right-start" | "left-start";

export type TooltipProps = Omit<JSX.ButtonHTMLAttributes<HTMLElement>, "class" | "disabled"> & {
  text: JSX.Element;
  /** The shortcut, shown beside the text. */
  keys?: string | undefined;
  placement?: Placement | undefined;
  /** What the trigger is: a button unless said otherwise. */
  as?: ValidComponent | undefined;
  class?: string | undefined;
  disabled?: boolean | undefined;
};

/** Words beside what has the pointer or focus: `<Tooltip text="Pinned" as="span">…</Tooltip>`. All else goes to the element. */
export function Tooltip(props: TooltipProps) {
  const [own, rest] = splitProps(props, ["text", "keys", "placement", "as", "children"]);
  return (
    <Kobalte.Root openDelay={400} closeDelay={0} gutter={6} placement={own.placement ?? "top"}>
      <Kobalte.Trigger as={own.as ?? "button"} {...(rest as object)}>
        {own.children}
      </Kobalte.Trigger>
      <Kobalte.Portal>
        <Kobalte.Content class={css.tooltip}>
          {own.text}
          <Show when={own.keys}>{(keys) => <Kbd keys={keys()} />}</Show>
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  );
}
