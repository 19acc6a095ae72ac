import { For, Match, Show, Switch } from "solid-js";
import { Button } from "../../components/Button";
import { IconButton } from "../../components/IconButton";
import { Kbd } from "../../components/Kbd";
import { Row, Rows, Section } from "../../components/Section";
import type { ShortcutKey, ShortcutState } from "../../protocol/desktop";
import type { GlobalKeys } from "../../state/globalKeys";
import { watchRecording } from "./recording";
import { ACTIONS } from "./words";
import css from "./global.module.css";

const HINTS: Record<ShortcutState["choose"], string> = {
  here: "Press a key, or one with Ctrl, Alt, Shift or Super, or a button at the side of the mouse. Other keys may be down with it when you use it.",
  desktop: "The desktop keeps these keys. You choose them in its own dialog.",
  nowhere: "No key can be chosen here: see below how keys could come.",
};

/** The key for each action, and how to choose it. */
export function KeyRows(props: { keys: GlobalKeys; state: ShortcutState }) {
  watchRecording(
    () => props.state.recording !== null,
    () => props.keys.tell({ type: "record", action: null }),
  );
  return (
    <Section
      title="Keys"
      hint={HINTS[props.state.choose]}
      aside={
        <Show when={props.state.choose === "desktop"}>
          <Button small icon="external" onClick={() => props.keys.tell({ type: "configure" })}>
            Choose keys
          </Button>
        </Show>
      }
    >
      <Show when={props.state.choose !== "nowhere"}>
        <Rows label="Keys">
          <For each={props.state.keys}>{(key) => <KeyRow chosen={key} keys={props.keys} state={props.state} />}</For>
        </Rows>
      </Show>
    </Section>
  );
}

function KeyRow(props: { chosen: ShortcutKey; keys: GlobalKeys; state: ShortcutState }) {
  const action = () => props.chosen.action;
  const recording = () => props.state.recording === action();
  const label = () => props.chosen.label;
  return (
    <Row title={ACTIONS[action()]} hint={props.chosen.writes ? "This key also writes. It is heard wherever you write, so a key that writes nothing is better." : undefined} roomy>
      <Switch>
        <Match when={props.state.choose === "desktop"}>
          <Show when={label()} fallback={<span class={css.none}>No key yet</span>}>
            {(text) => <span class={css.foreign}>{text()}</span>}
          </Show>
        </Match>
        <Match when={props.state.choose === "here"}>
          <Show when={!recording() && label()}>{(text) => <Kbd keys={text()} />}</Show>
          <Button small icon="keyboard" aria-pressed={recording()} aria-label={`${recording() ? "Press a key" : label() ? "Change" : "Choose a key"}: ${ACTIONS[action()]}`} onClick={() => props.keys.tell({ type: "record", action: recording() ? null : action() })}>
            {recording() ? "Press a key…" : label() ? "Change" : "Choose a key"}
          </Button>
          <Show when={label()}>
            <IconButton icon="close" size="s" label="Use no key" onClick={() => props.keys.tell({ type: "forget", action: action() })} />
          </Show>
        </Match>
      </Switch>
    </Row>
  );
}
