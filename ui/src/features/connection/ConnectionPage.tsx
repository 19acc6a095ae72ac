import { createSignal, onCleanup, Show } from "solid-js";
import { Button } from "../../components/Button";
import { part } from "../../components/part";
import { Spinner } from "../../components/Spinner";
import { useSnug } from "../../state/context";
import { Mark } from "../auth/AuthFrame";
import { useFleet } from "../servers/context";
import { ServersLink } from "../servers/ServersLink";
import { ServerTrouble } from "../servers/ServerTrouble";
import { useUpdates } from "../updates/context";
import { countdown, words } from "./words";
import css from "./connection.module.css";

const UpdatesSection = part(() => import("../updates/UpdatesSection").then(({ UpdatesSection }) => ({ default: UpdatesSection })));

/** What there is to see before the first snapshot has come. */
export function ConnectionPage() {
  const snug = useSnug();
  const [now, setNow] = createSignal(Date.now());
  const tick = setInterval(() => setNow(Date.now()), 1_000);
  onCleanup(() => clearInterval(tick));
  const [fleet, updates] = [useFleet(), useUpdates()];
  /** What helps if it is this app that is too old. */
  const update = () => {
    const phase = snug.phase();
    return phase.at === "ended" && phase.why.kind === "version" && phase.why.older === "app" ? updates : undefined;
  };
  const trouble = () => ["waiting", "offline", "ended"].includes(snug.phase().at);
  return (
    <main class={css.page}>
      <Mark />
      <Show when={trouble()} fallback={<Spinner label="Connecting" />}>
        <h1>{snug.phase().at === "ended" ? "Something is out of date" : "The server cannot be reached"}</h1>
        <p role="status">{snug.phase().at === "waiting" ? "It may be starting, or the network is down. What you wrote is kept on this device." : words(snug.phase(), fleet === undefined)}</p>
        <Show when={countdown(snug.phase(), now())}>{(text) => <p aria-hidden="true">{text()}</p>}</Show>
        <Show when={snug.phase().at === "waiting"}>
          <Button onClick={() => snug.connection.wake()}>Try now</Button>
        </Show>
        <Show when={snug.phase().at === "ended"}>
          <Show
            when={update()}
            fallback={
              <Button kind="primary" onClick={() => location.reload()}>
                {fleet ? "Try again" : "Reload"}
              </Button>
            }
          >
            {(updates) => <UpdatesSection updates={updates()} bare />}
          </Show>
        </Show>
        <Show when={snug.phase().at !== "ended"}>
          <ServerTrouble id={fleet?.shown()?.id} />
        </Show>
      </Show>
      <ServersLink />
    </main>
  );
}
