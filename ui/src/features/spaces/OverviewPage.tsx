import { createSignal, onCleanup, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Avatar } from "../../components/Avatar";
import { createDraft } from "../../components/draft";
import { faultOf, otherThan } from "../../components/faults";
import { SaveBar } from "../../components/SaveBar";
import { Section } from "../../components/Section";
import { Switch } from "../../components/Switch";
import { TextArea } from "../../components/TextArea";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/Toast";
import { LIMITS } from "../../protocol/constants";
import type { Space } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { type PictureChange, PictureField } from "../pictures/PictureField";
import { owns } from "./can";
import { OwnerSections } from "./OwnerSections";

export function OverviewPage(props: { space: Space; onDeleted: () => void }) {
  const { api, image, state } = useSnug();
  const draft = createDraft(() => props.space);
  const [icon, setIcon] = createSignal<PictureChange>({ kind: "keep" });
  const forget = () => {
    const change = icon();
    if (change.kind === "replace") URL.revokeObjectURL(change.url);
    setIcon({ kind: "keep" });
  };
  onCleanup(forget);
  const src = () => {
    const change = icon();
    if (change.kind === "replace") return change.url;
    return change.kind === "keep" && props.space.icon ? image(props.space.icon) : undefined;
  };
  const empty = () => draft.get("name").trim() === "";
  const save = createAction(async () => {
    if (draft.dirty()) await api.spaces.update(props.space.id, draft.changes());
    const change = icon();
    if (change.kind === "replace") await api.spaces.setIcon(props.space.id, change.blob);
    if (change.kind === "remove") await api.spaces.removeIcon(props.space.id);
    forget();
    toast({ text: "Space saved", kind: "good" });
  });

  return (
    <>
      <Section>
        <PictureField
          label="Picture"
          round={false}
          has={src() !== undefined}
          onChange={(change) => {
            forget();
            setIcon(change.kind === "remove" && !props.space.icon ? { kind: "keep" } : change);
          }}
        >
          <Avatar square id={props.space.id} name={draft.get("name") || "?"} src={src()} size={88} />
        </PictureField>
        <TextField
          label="Name"
          value={draft.get("name")}
          onInput={(value) => draft.set("name", value)}
          maxLength={LIMITS.spaceName}
          error={empty() ? "A name is needed." : faultOf(save.error(), "name")}
        />
        <TextArea
          label="Description"
          value={draft.get("description")}
          onInput={(value) => draft.set("description", value)}
          maxLength={LIMITS.spaceDescription}
          hint="Shown on invites and in the list of public spaces."
          error={faultOf(save.error(), "description")}
        />
      </Section>
      <Section title="Who can come in">
        <Switch
          label="Public on this server"
          hint={draft.get("public") ? "Everyone with an account on this server finds it and may join without an invite." : "Only those with an invite can join, and nobody else finds it."}
          checked={draft.get("public")}
          onChange={(on) => draft.set("public", on)}
        />
      </Section>
      <Show when={owns(state, props.space.id)}>
        <OwnerSections space={props.space} onDeleted={props.onDeleted} />
      </Show>
      <SaveBar
        dirty={draft.dirty() || icon().kind !== "keep"}
        busy={save.busy()}
        error={otherThan(save.error(), "name", "description")}
        blocked={empty() ? "A name is needed." : undefined}
        onSave={() => void save.run()}
        onReset={() => {
          draft.reset();
          forget();
          save.clear();
        }}
      />
    </>
  );
}
