import { createSignal, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import type { IpcError } from "../../protocol/desktop";
import { useFleet } from "./context";
import { Fingerprint } from "./Fingerprint";
import css from "./servers.module.css";

/** Why the server of an account is not reached, and what helps: only the desktop app knows. */
export function ServerTrouble(props: { id: string | undefined }) {
  return <Show when={useFleet()}>{(fleet) => <Show when={props.id !== undefined && fleet().trouble(props.id)}>{(trouble) => <Trouble id={props.id!} trouble={trouble()} />}</Show>}</Show>;
}

function Trouble(props: { id: string; trouble: IpcError }) {
  const fleet = useFleet()!;
  const [comparing, setComparing] = createSignal(false);
  const pin = createAction((fingerprint: string) => fleet.pin(props.id, fingerprint));
  const shown = () => (props.trouble.code === "impostor" || props.trouble.code === "untrusted" ? props.trouble.fingerprint : null);
  return (
    <Show
      when={comparing() && shown()}
      fallback={
        <div class={css.trouble} role="status">
          <p>{props.trouble.message}</p>
          <Show when={props.trouble.hint}>{(hint) => <p>{hint()}</p>}</Show>
          <Show when={shown()}>
            <Button small onClick={() => setComparing(true)}>
              Compare the fingerprint
            </Button>
          </Show>
        </div>
      }
    >
      {(fingerprint) => (
        <Fingerprint
          title="Did the server make a new certificate?"
          text="It shows another one than before. Ask whoever runs it: if it printed this fingerprint when it was started, all is well. If not, somebody is in between, and would read what you write."
          fingerprint={fingerprint()}
          busy={pin.busy()}
          error={pin.error()}
          onSame={() => void pin.run(fingerprint())}
          onOther={() => setComparing(false)}
        />
      )}
    </Show>
  );
}
