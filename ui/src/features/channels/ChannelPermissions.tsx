import { createMemo, createSignal, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Note } from "../../components/Note";
import { SaveBar } from "../../components/SaveBar";
import { Section } from "../../components/Section";
import { Switch } from "../../components/Switch";
import { toast } from "../../components/Toast";
import type { Channel } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { overwriteLock } from "../roles/hierarchy";
import { type Change, changesOf, isNothing, isPrivate, keyOf, NOTHING, sameChange, targetOf, tristate, withChanges, withTristate } from "./overwrites";
import { OverwriteEditor } from "./OverwriteEditor";
import { OverwriteTargets } from "./OverwriteTargets";

/** What a channel says about roles and members: a draft over its overwrites, and whom one looks at. */
export function ChannelPermissions(props: { channel: Channel }) {
  const { api, state } = useSnug();
  const everyone = () => keyOf({ kind: "role", id: props.channel.space_id });
  const saved = createMemo(() => changesOf(props.channel.overwrites));
  const [edits, setEdits] = createSignal<Record<string, Change>>({});
  /** Those without a word so far, which one wants to say something about. */
  const [added, setAdded] = createSignal<string[]>([]);
  const [chosen, setChosen] = createSignal<string>();

  const now = createMemo(() => ({ ...saved(), ...edits() }));
  const changeOf = (key: string) => now()[key] ?? NOTHING;
  const changed = createMemo(() => Object.keys(edits()).filter((key) => !sameChange(edits()[key]!, saved()[key] ?? NOTHING)));
  const targets = createMemo(() => [...new Set([everyone(), ...Object.keys(now()).filter((key) => !isNothing(changeOf(key)) || !isNothing(saved()[key] ?? NOTHING)), ...added()])]);
  const current = () => (targets().includes(chosen() ?? "") ? chosen()! : everyone());
  const set = (key: string, change: Change) => setEdits((all) => ({ ...all, [key]: change }));

  const save = createAction(async () => {
    // What takes access away comes last, so that one does not lock oneself out halfway through.
    for (const key of changed().sort((a, b) => Number(changeOf(a).deny > 0n) - Number(changeOf(b).deny > 0n))) {
      const change = changeOf(key);
      if (isNothing(change)) await api.channels.removeOverwrite(props.channel.id, targetOf(key));
      else await api.channels.setOverwrite(props.channel.id, targetOf(key), { allow: String(change.allow), deny: String(change.deny) });
    }
    setEdits({});
    toast({ text: "Permissions saved", kind: "good" });
  });
  const reset = () => {
    setEdits({});
    setAdded([]);
    save.clear();
  };
  const category = () => (props.channel.parent_id === null ? undefined : state.channels[props.channel.parent_id]);
  const lock = (key: string) => overwriteLock(state, props.channel.space_id, targetOf(key));
  const hidden = () => tristate(changeOf(everyone()), "view_channel") === "deny";

  return (
    <>
      <Section>
        <Switch
          label={props.channel.kind === "category" ? "Private category" : "Private channel"}
          hint={
            category() && isPrivate(category()!) && !hidden()
              ? `Its category ${category()!.name} is private, so this is seen by whom the category names, unless something else is said below.`
              : "Only the roles and members that may see it, chosen below, and the space's administrators."
          }
          checked={hidden()}
          disabled={lock(everyone()) !== undefined}
          onChange={(on) => set(everyone(), withTristate(changeOf(everyone()), "view_channel", on ? "deny" : "inherit"))}
        />
      </Section>
      <Section title="Who may do what" hint="For everyone, for a role, or for one member. What is nearer to the member counts more: the member, then their roles, then everyone; the channel before its category.">
        <OverwriteTargets
          channel={props.channel}
          targets={targets()}
          changed={changed()}
          current={current()}
          onChoose={setChosen}
          onAdd={(key) => {
            setAdded((all) => [...all, key]);
            setChosen(key);
            // Whoever is added to a hidden channel is meant to see it.
            if (hidden() && isNothing(changeOf(key))) set(key, withTristate(NOTHING, "view_channel", "allow"));
          }}
        />
        <Show when={props.channel.kind === "category"}>
          <Note>This holds for all channels of the category, unless a channel says otherwise.</Note>
        </Show>
        <Show when={current()} keyed>
          {(key) => (
            <>
              <Show when={lock(key)}>{(why) => <Note icon="lock">{why()}</Note>}</Show>
              <OverwriteEditor
                locked={lock(key) !== undefined}
                channel={withChanges(props.channel, now())}
                category={category()}
                target={targetOf(key)}
                change={changeOf(key)}
                onChange={(change) => set(key, change)}
                onClear={() => {
                  set(key, NOTHING);
                  setAdded((all) => all.filter((one) => one !== key));
                }}
              />
            </>
          )}
        </Show>
      </Section>
      <SaveBar dirty={changed().length > 0} busy={save.busy()} error={save.error()} onSave={() => void save.run()} onReset={reset} />
    </>
  );
}
