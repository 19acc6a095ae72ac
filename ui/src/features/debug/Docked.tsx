import { onCleanup, type ParentProps, Show, Suspense } from "solid-js";
import { part } from "../../components/part";
import type { DebugPanelProps } from "./DebugPanel";
import { debugOpen, setDebugOpen } from "./open";
import css from "./docked.module.css";

const DebugPanel = part(() => import("./DebugPanel"));

/** The app, and below it what voice measures, if that is wanted: one goes on talking and clicking. */
export function Docked(props: ParentProps<DebugPanelProps>) {
  const keys = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || !event.shiftKey || event.altKey || event.code !== "KeyD") return;
    event.preventDefault();
    if (!event.repeat) setDebugOpen((open) => !open);
  };
  addEventListener("keydown", keys);
  onCleanup(() => removeEventListener("keydown", keys));
  return (
    <div class={css.docked}>
      <div class={css.above} data-shared={debugOpen() || undefined}>
        {props.children}
      </div>
      <Suspense>
        <Show when={debugOpen()}>
          <DebugPanel engine={props.engine} about={props.about} nameOf={props.nameOf} />
        </Show>
      </Suspense>
    </div>
  );
}
