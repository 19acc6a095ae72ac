import * as Kobalte from "@kobalte/core/context-menu";
import { createSignal, type JSX, type ValidComponent } from "solid-js";
import { cx } from "./cx";
import { createChoice, type MenuEntry, MenuEntries } from "./Menu";
import css from "./Menu.module.css";
import overlay from "./Overlay.module.css";
import { ON_TOP } from "./top";

/** A menu at a right click, a long press or the menu key on `children`: `items()` is asked when it opens; `as` (a div) is the element around. */
export function ContextMenu(props: { items: () => MenuEntry[]; label: string; as?: ValidComponent | undefined; class?: string | undefined; children: JSX.Element; disabled?: boolean | undefined }) {
  const choice = createChoice();
  const [items, setItems] = createSignal<MenuEntry[]>([]);
  return (
    <Kobalte.Root onOpenChange={(open) => open && setItems(props.items())}>
      <Kobalte.Trigger as={props.as ?? "div"} class={props.class} disabled={props.disabled ?? false}>
        {props.children}
      </Kobalte.Trigger>
      <Kobalte.Portal>
        <Kobalte.Content class={cx(overlay.surface, css.menu)} {...ON_TOP} aria-label={props.label} onCloseAutoFocus={choice.closed}>
          <MenuEntries items={items()} choose={choice.choose} />
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  );
}
