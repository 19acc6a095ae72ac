import { For, onCleanup, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { createDraft } from "../../components/draft";
import { faultOf, otherThan } from "../../components/faults";
import { createLoad } from "../../components/load";
import { Loaded } from "../../components/Loaded";
import { Note } from "../../components/Note";
import { SaveBar } from "../../components/SaveBar";
import { Section } from "../../components/Section";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/Toast";
import { LIMITS } from "../../protocol/constants";
import type { AdminSettings, AdminStats } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { lasting } from "../settings/when";
import { bytes } from "./bytes";
import css from "./ServerPage.module.css";

const POLL_MS = 15_000;

export function ServerPage(props: { onPeople: () => void }) {
  const { api, state } = useSnug();
  const settings = createLoad(() => api.admin.settings());
  const stats = createLoad(() => api.admin.stats());
  const timer = setInterval(() => void stats.reload(), POLL_MS);
  onCleanup(() => clearInterval(timer));

  return (
    <>
      <Show when={state.knocks}>
        {(knocks) => (
          <Note icon="door">
            {knocks() === 1 ? "Somebody knocks and waits for your answer. " : `${knocks()} people knock and wait for your answer. `}
            <Button small onClick={() => props.onPeople()}>
              See who
            </Button>
          </Note>
        )}
      </Show>
      <Section title="Now">
        <Loaded of={stats} what="the figures">
          {(value) => <Figures stats={value()} />}
        </Loaded>
      </Section>
      <Section title="The server">
        <Loaded of={settings} what="the settings">
          {(value) => <NameForm settings={value()} onSaved={(saved) => settings.set(() => saved)} />}
        </Loaded>
      </Section>
    </>
  );
}

function Figures(props: { stats: AdminStats }) {
  const number = new Intl.NumberFormat("en-GB");
  const figures = () => [
    { label: "People", value: number.format(props.stats.users) },
    { label: "Connected now", value: number.format(props.stats.connected) },
    { label: "Spaces", value: number.format(props.stats.spaces) },
    { label: "Messages", value: number.format(props.stats.messages) },
    { label: "Database", value: bytes(props.stats.database_bytes) },
    { label: "Running for", value: lasting(props.stats.uptime_s, 1) },
  ];
  return (
    <dl class={css.figures}>
      <For each={figures()}>
        {(figure) => (
          <div class={css.figure}>
            <dt>{figure.label}</dt>
            <dd>{figure.value}</dd>
          </div>
        )}
      </For>
    </dl>
  );
}

function NameForm(props: { settings: AdminSettings; onSaved: (saved: AdminSettings) => void }) {
  const { api } = useSnug();
  const draft = createDraft(() => ({ name: props.settings.name }));
  const empty = () => draft.get("name").trim() === "";
  const save = createAction(async () => {
    props.onSaved(await api.admin.updateSettings({ name: draft.get("name").trim() }));
    draft.reset();
    toast({ text: "Server saved", kind: "good" });
  });
  return (
    <>
      <TextField
        label="Name"
        value={draft.get("name")}
        onInput={(value) => draft.set("name", value)}
        maxLength={LIMITS.spaceName}
        hint="Shown to those who log in or register."
        error={empty() ? "A name is needed." : faultOf(save.error(), "name")}
      />
      <SaveBar
        dirty={draft.dirty()}
        busy={save.busy()}
        error={otherThan(save.error(), "name")}
        blocked={empty() ? "A name is needed." : undefined}
        onSave={() => void save.run()}
        onReset={() => {
          draft.reset();
          save.clear();
        }}
      />
    </>
  );
}
