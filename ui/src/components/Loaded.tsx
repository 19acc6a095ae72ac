import { type JSX, Match, Switch } from "solid-js";
import { ErrorNote } from "./ErrorNote";
import type { Load } from "./load";
import css from "./Loaded.module.css";
import { Spinner } from "./Spinner";

/** What was loaded, or a spinner, or why it could not be, with a way to try again: `of` (a Load), `what` ("the sessions"), `children(value)`. */
export function Loaded<T>(props: { of: Load<T>; what: string; children: (value: () => T) => JSX.Element }) {
  return (
    <Switch
      fallback={
        <div class={css.wait}>
          <Spinner label={`Loading ${props.what}`} size={24} />
        </div>
      }
    >
      <Match when={props.of.value() !== undefined}>{props.children(() => props.of.value() as T)}</Match>
      <Match when={props.of.error()}>{(error) => <ErrorNote error={error()} onRetry={() => void props.of.reload()} />}</Match>
    </Switch>
  );
}
