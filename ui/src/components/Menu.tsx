import * as Dropdown from "@kobalte/core/dropdown-menu";
import { For, type JSX, Match, Show, Switch, type ValidComponent } from "solid-js";
import { cx } from "./cx";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";
import type { IconName } from "./icons";
import { Kbd } from "./Kbd";
import css from "./Menu.module.css";
import overlay from "./Overlay.module.css";
import type { Placement } from "./Tooltip";
import { ON_TOP } from "./top";

/** What a menu holds. */
export type MenuEntry =
  | { kind: "item"; label: string; icon?: IconName | undefined; keys?: string | undefined; danger?: boolean | undefined; disabled?: boolean | undefined; run: () => void }
  | { kind: "check"; label: string; checked: boolean; disabled?: boolean | undefined; color?: string | null | undefined; run: (checked: boolean) => void }
  | { kind: "sub"; label: string; icon?: IconName | undefined; items: MenuEntry[] }
  | { kind: "heading"; label: string }
  | { kind: "separator" };

/** A menu under a button: `items`, `label`, and either `icon` or `trigger` (a component that spreads its props on a button). */
export function Menu(props: { items: MenuEntry[]; label: string; icon?: IconName | undefined; size?: "s" | "m" | undefined; trigger?: ValidComponent | undefined; placement?: Placement | undefined; onOpenChange?: ((open: boolean) => void) | undefined }) {
  const choice = createChoice();
  return (
    <Dropdown.Root gutter={4} placement={props.placement ?? "bottom-end"} modal={false} {...(props.onOpenChange ? { onOpenChange: props.onOpenChange } : {})}>
      <Show
        when={props.trigger}
        fallback={<Dropdown.Trigger as={IconButton} icon={props.icon ?? "more"} label={props.label} size={props.size ?? "m"} />}
      >
        {(trigger) => <Dropdown.Trigger as={trigger()} />}
      </Show>
      <Dropdown.Portal>
        <Dropdown.Content class={cx(overlay.surface, css.menu)} {...ON_TOP} aria-label={props.label} onCloseAutoFocus={choice.closed}>
          <MenuEntries items={props.items} choose={choice.choose} />
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  );
}

/** Runs what was chosen once the menu is gone and its button has the focus again, so that a dialog knows where to give it back. */
export function createChoice() {
  let chosen: (() => void) | undefined;
  return {
    choose: (run: () => void) => void (chosen = run),
    closed: () =>
      queueMicrotask(() => {
        const run = chosen;
        chosen = undefined;
        run?.();
      }),
  };
}

/** The entries alone, for any kind of menu. */
export function MenuEntries(props: { items: MenuEntry[]; choose: (run: () => void) => void }): JSX.Element {
  return <For each={props.items}>{(entry) => <Entry entry={entry} choose={props.choose} />}</For>;
}

function Entry(props: { entry: MenuEntry; choose: (run: () => void) => void }) {
  const as = <K extends MenuEntry["kind"]>(kind: K) => (props.entry.kind === kind ? (props.entry as Extract<MenuEntry, { kind: K }>) : undefined);
  return (
    <Switch>
      <Match when={as("item")}>
        {(entry) => (
          <Dropdown.Item class={cx(overlay.item, entry().danger && overlay.danger)} disabled={entry().disabled ?? false} onSelect={() => props.choose(entry().run)}>
            <span class={css.label}>{entry().label}</span>
            <Show when={entry().keys}>{(keys) => <Kbd keys={keys()} />}</Show>
            <Show when={entry().icon}>{(icon) => <Icon name={icon()} size={17} />}</Show>
          </Dropdown.Item>
        )}
      </Match>
      <Match when={as("check")}>
        {(entry) => (
          <Dropdown.CheckboxItem class={overlay.item} checked={entry().checked} disabled={entry().disabled ?? false} onChange={entry().run} closeOnSelect={false}>
            <Show when={entry().color !== undefined}>
              <span class={css.dot} style={{ background: entry().color ?? "var(--ink3)" }} />
            </Show>
            <span class={css.label}>{entry().label}</span>
            <span class={css.box} data-checked={entry().checked || undefined}>
              <Show when={entry().checked}>
                <Icon name="check" size={14} />
              </Show>
            </span>
          </Dropdown.CheckboxItem>
        )}
      </Match>
      <Match when={as("sub")}>
        {(entry) => (
          <Dropdown.Sub gutter={2}>
            <Dropdown.SubTrigger class={overlay.item}>
              <span class={css.label}>{entry().label}</span>
              <Icon name="chevronRight" size={16} />
            </Dropdown.SubTrigger>
            <Dropdown.Portal>
              <Dropdown.SubContent class={cx(overlay.surface, css.menu)} {...ON_TOP}>
                <MenuEntries items={entry().items} choose={props.choose} />
              </Dropdown.SubContent>
            </Dropdown.Portal>
          </Dropdown.Sub>
        )}
      </Match>
      <Match when={as("heading")}>{(entry) => <div class={css.heading}>{entry().label}</div>}</Match>
      <Match when={as("separator")}>
        <Dropdown.Separator class={css.separator} />
      </Match>
    </Switch>
  );
}
