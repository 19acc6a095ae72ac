import { Show } from "solid-js";
import { createAction } from "../../components/action";
import { createDraft } from "../../components/draft";
import { faultOf, otherThan } from "../../components/faults";
import { createLoad } from "../../components/load";
import { Loaded } from "../../components/Loaded";
import { type Choice, RadioGroup } from "../../components/RadioGroup";
import { SaveBar } from "../../components/SaveBar";
import { Section } from "../../components/Section";
import { Switch } from "../../components/Switch";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/Toast";
import { LIMITS } from "../../protocol/constants";
import type { AdminSettings, Registration, UpdateAdminSettings } from "../../protocol/generated";
import { useSnug } from "../../state/context";

const MODES: Choice<Registration>[] = [
  { value: "open", label: "Open", icon: "globe", hint: "Everyone who can reach the server can make an account." },
  { value: "invite", label: "By invite", icon: "link", hint: "An account needs a link to one of the spaces. Whoever may invite there decides who comes." },
  { value: "approval", label: "Knock knock", icon: "door", hint: "Everyone can ask, with a few words. They come in when an administrator says yes, under People." },
  { value: "closed", label: "Closed", icon: "lock", hint: "No new accounts. Those who have one log in as always." },
];

export function RegistrationPage() {
  const { api } = useSnug();
  const settings = createLoad(() => api.admin.settings());
  return (
    <Loaded of={settings} what="the settings">
      {(value) => <Form settings={value()} onSaved={(saved) => settings.set(() => saved)} />}
    </Loaded>
  );
}

function Form(props: { settings: AdminSettings; onSaved: (saved: AdminSettings) => void }) {
  const { api } = useSnug();
  const draft = createDraft(() => ({ registration: props.settings.registration, password_required: props.settings.password_required, password: "" }));
  const required = () => draft.get("password_required");
  /** A password is needed when one is asked for the first time. */
  const missing = () => required() && !props.settings.password_required && draft.get("password") === "";

  const save = createAction(async () => {
    const { registration, password_required, password } = draft.changes();
    const change: UpdateAdminSettings = {};
    if (registration !== undefined) change.registration = registration;
    if (password_required === false) change.server_password = "";
    else if (password !== undefined) change.server_password = password;
    props.onSaved(await api.admin.updateSettings(change));
    draft.reset();
    toast({ text: "Registration saved", kind: "good" });
  });

  return (
    <>
      <Section title="Who can make an account">
        <RadioGroup label="Who can make an account" hideLabel value={draft.get("registration")} options={MODES} onChange={(value) => draft.set("registration", value)} />
      </Section>
      <Section>
        <Switch
          label="Ask for a server password"
          hint="Whoever makes an account has to know it, whatever is chosen above. Those who have an account are not asked."
          checked={required()}
          onChange={(on) => {
            draft.set("password_required", on);
            if (!on) draft.set("password", "");
          }}
        />
        <Show when={required()}>
          <TextField
            label={props.settings.password_required ? "New server password" : "Server password"}
            type="password"
            autocomplete="new-password"
            maxLength={LIMITS.passwordMax}
            value={draft.get("password")}
            onInput={(value) => draft.set("password", value)}
            hint={props.settings.password_required ? "Empty keeps the one that is set." : "Tell it to those who shall come in."}
            error={faultOf(save.error(), "server_password")}
          />
        </Show>
      </Section>
      <SaveBar
        dirty={draft.dirty()}
        busy={save.busy()}
        error={otherThan(save.error(), "server_password")}
        blocked={missing() ? "A server password is needed." : undefined}
        onSave={() => void save.run()}
        onReset={() => {
          draft.reset();
          save.clear();
        }}
      />
    </>
  );
}
