import { createSignal, For, Show } from "solid-js";
import { Button } from "./Button";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";
import css from "./Toast.module.css";
import { ON_TOP } from "./top";

type Toast = { text: string; action?: { label: string; run: () => void }; kind?: "info" | "good" | "error" | undefined; /** How long it stays, in milliseconds. */ lasts?: number | undefined };
type Shown = Toast & { id: number };

const MOST = 3;
const [shown, setShown] = createSignal<Shown[]>([]);
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let next = 0;

/** A short word at the edge: `toast({text: "Message deleted", action: {label: "Undo", run}})`, `kind`: info, good, error. Returns what takes it away. */
export function toast(what: Toast): () => void {
  const id = next++;
  setShown((all) => [...all.slice(1 - MOST), { ...what, id }]);
  count(id, what);
  return () => dismiss(id);
}

function lasts(what: Toast): number {
  return what.lasts ?? (what.action || what.kind === "error" ? 8000 : 4000);
}

function count(id: number, what: Toast) {
  timers.set(id, setTimeout(() => dismiss(id), lasts(what)));
}

function hold(id: number) {
  clearTimeout(timers.get(id));
}

function dismiss(id: number) {
  hold(id);
  timers.delete(id);
  setShown((all) => all.filter((one) => one.id !== id));
}

/** Where toasts appear. Once, at the root. */
export function Toasts() {
  return (
    <div class={css.place} {...ON_TOP} role="region" aria-label="Notices" aria-live="polite">
      <For each={shown()}>
        {(one) => (
          <div
            class={css.toast}
            role={one.kind === "error" ? "alert" : undefined}
            data-kind={one.kind ?? "info"}
            onPointerEnter={() => hold(one.id)}
            onPointerLeave={() => count(one.id, one)}
            onFocusIn={() => hold(one.id)}
            onFocusOut={() => count(one.id, one)}
          >
            <Show when={one.kind === "error" || one.kind === "good"}>
              <Icon name={one.kind === "error" ? "warning" : "check"} size={18} />
            </Show>
            <span class={css.text}>{one.text}</span>
            <Show when={one.action}>
              {(action) => (
                <Button
                  small
                  onClick={() => {
                    dismiss(one.id);
                    action().run();
                  }}
                >
                  {action().label}
                </Button>
              )}
            </Show>
            <IconButton icon="close" size="s" label="Dismiss" onClick={() => dismiss(one.id)} />
          </div>
        )}
      </For>
    </div>
  );
}
