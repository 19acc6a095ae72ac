import * as Kobalte from "@kobalte/core/popover";
import { type JSX, Show } from "solid-js";
import { cx } from "./cx";
import overlay from "./Overlay.module.css";
import type { Placement } from "./Tooltip";

/** Anything beside an element that is no trigger of its own: one card that many places open. `anchor` (nothing: closed), `onClose`, `label`. */
export function FloatingCard(props: { label: string; anchor: HTMLElement | null; onClose: () => void; placement?: Placement | undefined; class?: string | undefined; children: JSX.Element }) {
  return (
    <Show when={props.anchor} keyed>
      {(anchor) => (
        <Kobalte.Root open anchorRef={() => anchor} onOpenChange={(open) => !open && props.onClose()} gutter={8} placement={props.placement ?? "right-start"} overflowPadding={8}>
          <Kobalte.Portal>
            <Kobalte.Content
              class={cx(overlay.surface, props.class)}
              aria-label={props.label}
              onCloseAutoFocus={(event: Event) => {
                event.preventDefault();
                // Something else may have been opened meanwhile.
                if (anchor.isConnected && document.activeElement === document.body) anchor.focus({ preventScroll: true });
              }}
            >
              {props.children}
            </Kobalte.Content>
          </Kobalte.Portal>
        </Kobalte.Root>
      )}
    </Show>
  );
}
