import { useBeforeLeave } from "@solidjs/router";
import { children, createMemo, For, type JSX, onCleanup, onMount, Show } from "solid-js";
import { createGuard, GuardProvider } from "./Guard";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";
import type { IconName } from "./icons";
import { Badge } from "./Badge";
import css from "./SettingsPage.module.css";

export type SettingsItem = { id: string; label: string; icon?: IconName | undefined; count?: number | undefined };
export type SettingsGroup = { label?: string | undefined; items: SettingsItem[] };

/** A full-screen page of settings: `title`, `groups` for the nav, `current` (nothing: the first; on a phone the list), `onPick(id or nothing)`, `onClose`, `foot` under the nav. Esc closes; unsaved changes hold it. */
export function SettingsPage(props: {
  title: string;
  groups: SettingsGroup[];
  current: string | undefined;
  onPick: (id: string | undefined) => void;
  onClose: () => void;
  head?: JSX.Element;
  foot?: JSX.Element;
  children: JSX.Element;
}) {
  const guard = createGuard();
  const head = children(() => props.head);
  const foot = children(() => props.foot);
  const items = () => props.groups.flatMap((group) => group.items);
  const current = createMemo(() => props.current);
  const chosen = () => current() ?? items()[0]?.id;
  const title = () => items().find((item) => item.id === chosen())?.label ?? props.title;
  const leave = (go: () => void) => guard.mayLeave() && go();

  // By a link, a shortcut or the browser's own buttons.
  useBeforeLeave((event) => !guard.mayLeave() && event.preventDefault());

  const back = document.activeElement;
  let page!: HTMLDivElement;
  onMount(() => page.focus());
  onCleanup(() => queueMicrotask(() => back instanceof HTMLElement && back.isConnected && back.focus()));
  const escape = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.defaultPrevented) leave(props.onClose);
  };
  addEventListener("keydown", escape);
  onCleanup(() => removeEventListener("keydown", escape));

  return (
    <GuardProvider guard={guard}>
      <div class={css.page} data-on={current() === undefined ? "list" : "page"} ref={(element) => (page = element)} tabIndex={-1}>
        <nav class={css.nav} aria-label={props.title}>
          <div class={css.navHead}>
            <Show when={head()} fallback={<h1 class={css.title}>{props.title}</h1>}>
              {head()}
            </Show>
            <span class={css.navClose}>
              <IconButton icon="close" label="Close" keys="Esc" onClick={() => leave(props.onClose)} />
            </span>
          </div>
          <div class={css.scroll}>
            <For each={props.groups}>
              {(group) => (
                <div class={css.group}>
                  <Show when={group.label}>
                    <p class={css.label}>{group.label}</p>
                  </Show>
                  <For each={group.items}>
                    {(item) => (
                      <button
                        type="button"
                        class={css.item}
                        aria-current={chosen() === item.id ? "page" : undefined}
                        onClick={() => (item.id === current() ? undefined : leave(() => props.onPick(item.id)))}
                      >
                        <Show when={item.icon}>{(icon) => <Icon name={icon()} size={18} />}</Show>
                        <span class={css.words}>{item.label}</span>
                        <Show when={item.count}>{(count) => <Badge>{count()}</Badge>}</Show>
                        <Icon name="chevronRight" size={16} class={css.into} />
                      </button>
                    )}
                  </For>
                </div>
              )}
            </For>
          </div>
          <Show when={foot()}>
            <div class={css.foot}>{foot()}</div>
          </Show>
        </nav>
        <main class={css.main}>
          <header class={css.head}>
            <span class={css.back}>
              <IconButton icon="arrowLeft" label="Back" placement="bottom" onClick={() => leave(() => props.onPick(undefined))} />
            </span>
            <h2 class={css.pageTitle}>{title()}</h2>
            <IconButton icon="close" label="Close" keys="Esc" placement="bottom" onClick={() => leave(props.onClose)} />
          </header>
          <div class={css.body}>
            <div class={css.column}>{props.children}</div>
          </div>
        </main>
      </div>
    </GuardProvider>
  );
}
