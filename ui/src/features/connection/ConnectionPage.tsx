import { createSignal, onCleanup, Show } from "solid-js";
import { Button } from "../../components/Button";
import { Spinner } from "../../components/Spinner";
import { useSnug } from "../../state/context";
import { Mark } from "../auth/AuthFrame";
import { useFleet } from "../servers/context";
import { ServersLink } from "../servers/ServersLink";
import { ServerTrouble } from "../servers/ServerTrouble";
import { countdown, words } from "./words";
import css from "./connection.module.css";

/** What there is to see before the first snapshot has come. */
export function ConnectionPage() {
  const snug = useSnug();
  const [now, setNow] = createSignal(Date.now());
  const tick = setInterval(() => setNow(Date.now()), 1_000);
  onCleanup(() => clearInterval(tick));
  const trouble = () => ["waiting", "offline", "ended"].includes(snug.phase().at);
  return (
    <main class={css.page}>
      <Mark />
      <Show when={trouble()} fallback={<Spinner label="Connecting" />}>
        <h1>{snug.phase().at === "ended" ? "Something is out of date" : "The server cannot be reached"}</h1>
        <p role="status">{snug.phase().at === "waiting" ? "It may be starting, or the network is down. What you wrote is kept on this device." : words(snug.phase())}</p>
        <Show when={countdown(snug.phase(), now())}>{(text) => <p aria-hidden="true">{text()}</p>}</Show>
        <Show when={snug.phase().at === "waiting"}>
          <Button onClick={() => snug.connection.wake()}>Try now</Button>
        </Show>
        <Show when={snug.phase().at === "ended"}>
          <Button kind="primary" onClick={() => location.reload()}>
            Reload
          </Button>
        </Show>
        <ServerTrouble id={useFleet()?.shown()?.id} />
      </Show>
      <ServersLink />
    </main>
  );
}
