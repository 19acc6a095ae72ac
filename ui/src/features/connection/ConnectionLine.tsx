import { createEffect, createMemo, createSignal, on, onCleanup, Show } from "solid-js";
import { Icon } from "../../components/Icon";
import { useSnug } from "../../state/context";
import { countdown, words } from "./words";
import { useFleet } from "../servers/context";
import { ServerTrouble } from "../servers/ServerTrouble";
import css from "./connection.module.css";

/** A short loss is no news: only what lasts longer is shown. */
const QUIET_MS = 1_200;

/** A slim line that says how the connection is, when it is not well. Nothing typed is lost meanwhile. */
export function ConnectionLine() {
  const snug = useSnug();
  const [lasting, setLasting] = createSignal(false);
  const [now, setNow] = createSignal(Date.now());
  const fleet = useFleet();
  /** What does not pass by itself, and needs somebody to decide. */
  const refused = () => {
    const id = fleet?.shown()?.id;
    return id !== undefined && fleet?.standing(id) === "refused" ? id : undefined;
  };
  const bad = createMemo(() => snug.phase().at !== "ready");
  createEffect(
    on(bad, (isBad) => {
      setLasting(false);
      if (!isBad) return;
      const wait = setTimeout(() => setLasting(true), QUIET_MS);
      const tick = setInterval(() => setNow(Date.now()), 1_000);
      onCleanup(() => {
        clearTimeout(wait);
        clearInterval(tick);
      });
    }),
  );
  return (
    <div role="status" aria-live="polite">
      <Show when={bad() && lasting()}>
        <div class={css.line} data-phase={snug.phase().at}>
          <Icon name="wifiOff" size={16} />
          <span>{words(snug.phase(), fleet === undefined)}</span>
          <Show when={countdown(snug.phase(), now())}>{(text) => <span aria-hidden="true">{text()}</span>}</Show>
          <Show when={snug.phase().at === "waiting"}>
            <button type="button" class={css.now} onClick={() => snug.connection.wake()}>
              Try now
            </button>
          </Show>
          <Show when={snug.phase().at === "ended"}>
            <button type="button" class={css.now} onClick={() => location.reload()}>
              Reload
            </button>
          </Show>
        </div>
        <Show when={refused()}>
          <div class={css.refused}>
            <ServerTrouble id={refused()} />
          </div>
        </Show>
      </Show>
    </div>
  );
}
