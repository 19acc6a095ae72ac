import { useNavigate } from "@solidjs/router";
import { Show } from "solid-js";
import { Button } from "../../components/Button";
import { Note } from "../../components/Note";
import { Section } from "../../components/Section";
import { Spinner } from "../../components/Spinner";
import { Switch } from "../../components/Switch";
import { settingsPath } from "../../paths";
import type { ShortcutState } from "../../protocol/desktop";
import { useSnug } from "../../state/context";
import type { GlobalKeys } from "../../state/globalKeys";
import { CommandList } from "./CommandList";
import { KeyRows } from "./KeyRows";
import { KeyTest } from "./KeyTest";
import { ReadingKeyboards } from "./ReadingKeyboards";
import { WayList } from "./WayList";

/** Keys that work while another program has the focus: which they are, how they come here, and whether they do. */
export function GlobalKeysPage(props: { keys: GlobalKeys }) {
  return <Show when={props.keys.state()} fallback={<Spinner label="Looking at the keys" />}>{(state) => <Page keys={props.keys} state={state()} />}</Show>;
}

function Page(props: { keys: GlobalKeys; state: ShortcutState }) {
  const { preferences } = useSnug();
  const navigate = useNavigate();
  return (
    <>
      <Section>
        <Switch
          label="Keys that work from anywhere"
          hint="Talk, mute and deafen while a game or another program has the focus, and while this window is hidden."
          checked={props.state.on}
          onChange={(on) => props.keys.tell({ type: "use", on })}
        />
        <Show when={props.state.unkept}>{(why) => <Note warn>{why()}</Note>}</Show>
        <Show when={props.state.on && preferences.voice.mode !== "push"}>
          <Note>
            <p>The key for talking does nothing yet: your voice is sent without one.</p>
            <Button small onClick={() => navigate(settingsPath("voice"))}>
              Change when others hear you
            </Button>
          </Note>
        </Show>
      </Section>
      <Show when={props.state.on}>
        <KeyRows keys={props.keys} state={props.state} />
      </Show>
      <KeyTest keys={props.keys} />
      <Show when={props.state.on}>
        <WayList keys={props.keys} state={props.state} />
      </Show>
      <CommandList command={props.state.command} standing={props.state.ways.find((one) => one.way === "socket")?.standing} />
      <Show when={props.state.on}>
        <ReadingKeyboards keys={props.keys} state={props.state} />
      </Show>
    </>
  );
}
