import * as Kobalte from "@kobalte/core/tabs";
import { For, type JSX, Show } from "solid-js";
import { Badge } from "./Badge";
import css from "./Tabs.module.css";

/** Pages in one place: `tabs` ({value, label, count}), `value`, `onChange(value)`; `children(value)` draws the chosen one. */
export function Tabs<T extends string>(props: { label: string; tabs: { value: T; label: string; count?: number | undefined }[]; value: T; onChange: (value: T) => void; children: (value: T) => JSX.Element }) {
  return (
    <Kobalte.Root value={props.value} onChange={(value) => props.onChange(value as T)} class={css.tabs}>
      <Kobalte.List class={css.list} aria-label={props.label}>
        <For each={props.tabs}>
          {(tab) => (
            <Kobalte.Trigger value={tab.value} class={css.tab}>
              {tab.label}
              <Show when={tab.count}>{(count) => <Badge quiet>{count()}</Badge>}</Show>
            </Kobalte.Trigger>
          )}
        </For>
      </Kobalte.List>
      <For each={props.tabs}>
        {(tab) => (
          <Kobalte.Content value={tab.value} class={css.panel}>
            {props.children(tab.value)}
          </Kobalte.Content>
        )}
      </For>
    </Kobalte.Root>
  );
}
