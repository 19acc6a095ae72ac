import * as Kobalte from "@kobalte/core/popover";
import type { JSX, ValidComponent } from "solid-js";
import { cx } from "./cx";
import overlay from "./Overlay.module.css";
import { ON_TOP } from "./top";
import type { Placement } from "./Tooltip";

/** Anything beside a button: `trigger` is a component that spreads its props on a button; `open` and `onOpenChange` if it is steered from outside; `bare` leaves the padding to the content. */
export function Popover(props: {
  label: string;
  trigger: ValidComponent;
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  placement?: Placement | undefined;
  bare?: boolean | undefined;
  class?: string | undefined;
  children: JSX.Element;
}) {
  return (
    <Kobalte.Root
      gutter={6}
      placement={props.placement ?? "bottom"}
      {...(props.open === undefined ? {} : { open: props.open })}
      onOpenChange={(open) => props.onOpenChange?.(open)}
    >
      <Kobalte.Trigger as={props.trigger} />
      <Kobalte.Portal>
        <Kobalte.Content class={cx(overlay.surface, props.class)} {...ON_TOP} style={props.bare ? {} : { padding: "var(--s3)" }} aria-label={props.label}>
          {props.children}
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  );
}
