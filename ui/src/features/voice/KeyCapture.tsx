import { createSignal, onCleanup } from "solid-js";
import { Button } from "../../components/Button";
import { keyName } from "./keys";
import css from "./settings.module.css";

/** Chooses a key by pressing it. Esc leaves it as it was. */
export function KeyCapture(props: { code: string; onCapture: (code: string) => void }) {
  const [waiting, setWaiting] = createSignal(false);
  const take = (event: KeyboardEvent): void => {
    if (!waiting()) return;
    event.preventDefault();
    event.stopPropagation();
    setWaiting(false);
    if (event.code !== "Escape" && event.code !== "") props.onCapture(event.code);
  };
  addEventListener("keydown", take, true);
  onCleanup(() => removeEventListener("keydown", take, true));
  return (
    <div class={css.key}>
      <span>Key</span>
      <Button small icon="keyboard" aria-pressed={waiting()} onClick={() => setWaiting((now) => !now)} onBlur={() => setWaiting(false)}>
        {waiting() ? "Press a key…" : keyName(props.code)}
      </Button>
    </div>
  );
}
