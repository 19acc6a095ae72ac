import { createSignal, onCleanup } from "solid-js";
import { createAction } from "../../components/action";
import { Avatar } from "../../components/Avatar";
import { createDraft } from "../../components/draft";
import { faultOf, otherThan } from "../../components/faults";
import { RadioGroup } from "../../components/RadioGroup";
import { SaveBar } from "../../components/SaveBar";
import { Section } from "../../components/Section";
import { TextArea } from "../../components/TextArea";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/Toast";
import { LIMITS } from "../../protocol/constants";
import type { Account, ChosenStatus } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { type PictureChange, PictureField } from "../pictures/PictureField";
import { ProfileCard } from "./ProfileCard";

const STATUSES: { value: ChosenStatus; label: string; hint: string }[] = [
  { value: "online", label: "Online", hint: "Shown as away while you leave the keyboard alone." },
  { value: "idle", label: "Away", hint: "Until you choose another." },
  { value: "dnd", label: "Do not disturb", hint: "No notifications and no sounds on this account's devices." },
  { value: "invisible", label: "Invisible", hint: "You read and write as always, and look as if you were not here." },
];

export function ProfilePage(props: { account: Account }) {
  const { api, image } = useSnug();
  const draft = createDraft(() => props.account);
  const [picture, setPicture] = createSignal<PictureChange>({ kind: "keep" });
  const forget = () => {
    const change = picture();
    if (change.kind === "replace") URL.revokeObjectURL(change.url);
    setPicture({ kind: "keep" });
  };
  onCleanup(forget);
  const src = () => {
    const change = picture();
    if (change.kind === "replace") return change.url;
    return change.kind === "keep" && props.account.avatar ? image(props.account.avatar) : undefined;
  };

  const fields = ["display_name", "bio", "status_text"];
  const save = createAction(async () => {
    if (draft.dirty()) await api.me.update(draft.changes());
    const change = picture();
    if (change.kind === "replace") await api.me.setAvatar(change.blob);
    if (change.kind === "remove") await api.me.removeAvatar();
    forget();
    toast({ text: "Profile saved", kind: "good" });
  });
  const empty = () => draft.get("display_name").trim() === "";

  return (
    <>
      <Section title="How others see you">
        <ProfileCard
          id={props.account.id}
          name={draft.get("display_name").trim() || props.account.username}
          username={props.account.username}
          src={src()}
          status={draft.get("status")}
          statusText={draft.get("status_text")}
          bio={draft.get("bio")}
        />
      </Section>
      <Section>
        <PictureField
          label="Picture"
          round
          has={src() !== undefined}
          onChange={(change) => {
            forget();
            setPicture(change.kind === "remove" && !props.account.avatar ? { kind: "keep" } : change);
          }}
        >
          <Avatar id={props.account.id} name={draft.get("display_name") || props.account.username} src={src()} size={88} />
        </PictureField>
        <TextField
          label="Display name"
          value={draft.get("display_name")}
          onInput={(value) => draft.set("display_name", value)}
          maxLength={LIMITS.displayName}
          error={empty() ? "A name is needed." : faultOf(save.error(), "display_name")}
          hint={`You log in as ${props.account.username}.`}
          autocomplete="nickname"
        />
        <TextArea
          label="About you"
          value={draft.get("bio")}
          onInput={(value) => draft.set("bio", value)}
          maxLength={LIMITS.bio}
          error={faultOf(save.error(), "bio")}
          hint="Shown to those who share a space with you."
        />
      </Section>
      <Section title="Presence" hint="The same on all your devices.">
        <RadioGroup label="Presence" hideLabel value={draft.get("status")} options={STATUSES} onChange={(value) => draft.set("status", value)} />
        <TextField
          label="Status text"
          value={draft.get("status_text")}
          onInput={(value) => draft.set("status_text", value)}
          maxLength={LIMITS.statusText}
          placeholder="Making soup"
          error={faultOf(save.error(), "status_text")}
        />
      </Section>
      <SaveBar
        dirty={draft.dirty() || picture().kind !== "keep"}
        busy={save.busy()}
        error={otherThan(save.error(), ...fields)}
        blocked={empty() ? "A display name is needed." : undefined}
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
