import { Show } from "solid-js";
import { CopyCode } from "../../components/CopyCode";
import { Note } from "../../components/Note";
import { RadioGroup } from "../../components/RadioGroup";
import { Section } from "../../components/Section";
import type { ShortcutState } from "../../protocol/desktop";
import type { GlobalKeys } from "../../state/globalKeys";
import { READ, ruleCommand } from "./words";

/** Whether Snug reads the keyboards, and what the system needs for it. */
export function ReadingKeyboards(props: { keys: GlobalKeys; state: ShortcutState }) {
  return (
    <Section title="Reading keyboards" hint="Snug looks for the keys that you chose, and keeps nothing of all others.">
      <RadioGroup label="Read keyboards" hideLabel value={props.state.keyboards} options={READ} onChange={(keyboards) => props.keys.tell({ type: "read", keyboards })} />
      <Show when={props.state.keyboards !== "never"}>
        <Note warn icon="shield">
          The system lets no program do that by itself. The rule below lets every program that you run read all that is typed here, passwords too. In a terminal:
        </Note>
        <CopyCode label="A rule for udev" code={ruleCommand(props.state.rule)} />
      </Show>
    </Section>
  );
}
