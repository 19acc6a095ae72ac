import { createEffect, on, onCleanup, Show } from "solid-js";
import { Button } from "./Button";
import { ErrorNote } from "./ErrorNote";
import { useGuard } from "./Guard";
import css from "./SaveBar.module.css";

/** At the foot of a form with unsaved changes: `dirty`, `busy`, `error`, `onSave`, `onReset`, `blocked` (why it cannot be saved yet). While it shows, the page cannot be left by accident. */
export function SaveBar(props: { dirty: boolean; busy?: boolean | undefined; error?: unknown; blocked?: string | undefined; onSave: () => void; onReset: () => void }) {
  return (
    <Show when={props.dirty}>
      <Bar {...props} />
    </Show>
  );
}

function Bar(props: { busy?: boolean | undefined; error?: unknown; blocked?: string | undefined; onSave: () => void; onReset: () => void }) {
  const guard = useGuard();
  let bar!: HTMLDivElement;
  const release = guard?.hold();
  onCleanup(() => release?.());
  createEffect(
    on(
      () => guard?.refused(),
      () => bar.animate([{ translate: "0" }, { translate: "-6px" }, { translate: "6px" }, { translate: "-4px" }, { translate: "0" }], { duration: 320 }),
      { defer: true },
    ),
  );
  return (
    <div class={css.place}>
      <div class={css.bar} ref={(element) => (bar = element)} role="region" aria-label="Unsaved changes">
        <ErrorNote error={props.error} />
        <div class={css.line}>
          <p class={css.words} aria-live="polite">
            {props.blocked ?? (guard?.refused() ? "Save or reset your changes first." : "You have unsaved changes.")}
          </p>
          <Button kind="quiet" disabled={props.busy} onClick={() => props.onReset()}>
            Reset
          </Button>
          <Button kind="primary" busy={props.busy} disabled={props.blocked !== undefined} onClick={() => props.onSave()}>
            Save
          </Button>
        </div>
      </div>
    </div>
  );
}
