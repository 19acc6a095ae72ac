import { createUniqueId, For, type JSX, Show } from "solid-js";
import { Badge } from "./Badge";
import css from "./Tabs.module.css";

type Tab<T extends string> = { value: T; label: string; count?: number | undefined };

/** Pages in one place: `tabs` ({value, label, count}), `value`, `onChange(value)`; `children(value)` draws the chosen one, which stays as long as it is chosen. */
export function Tabs<T extends string>(props: { label: string; tabs: Tab<T>[]; value: T; onChange: (value: T) => void; children: (value: T) => JSX.Element }) {
  const id = createUniqueId();
  const tab = (value: T) => props.tabs.find((one) => one.value === value);
  let list!: HTMLDivElement;

  const keys = (event: KeyboardEvent) => {
    const values = props.tabs.map((one) => one.value);
    const at = values.indexOf(props.value);
    const to = { ArrowRight: (at + 1) % values.length, ArrowLeft: (at + values.length - 1) % values.length, Home: 0, End: values.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    props.onChange(values[to]!);
    list.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
  };

  return (
    <div class={css.tabs}>
      <div class={css.list} role="tablist" aria-label={props.label} ref={(element) => (list = element)} onKeyDown={keys}>
        <For each={props.tabs.map((one) => one.value)}>
          {(value) => (
            <button
              type="button"
              role="tab"
              id={`${id}-${value}`}
              class={css.tab}
              aria-selected={props.value === value}
              aria-controls={props.value === value ? `${id}-panel` : undefined}
              tabIndex={props.value === value ? 0 : -1}
              onClick={() => props.onChange(value)}
            >
              {tab(value)?.label}
              <Show when={tab(value)?.count}>{(count) => <Badge quiet>{count()}</Badge>}</Show>
            </button>
          )}
        </For>
      </div>
      <Show when={props.value} keyed>
        {(value) => (
          <div class={css.panel} role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
            {props.children(value)}
          </div>
        )}
      </Show>
    </div>
  );
}
