import { createEffect, createSignal, on, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { Select } from "../../components/Select";
import { Spinner } from "../../components/Spinner";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/Toast";
import { copyText } from "../../backend/notify";
import { invitePath } from "../../paths";
import type { CreateInvite, Invite, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import css from "./spaces.module.css";

const AGES = [
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "7 days" },
  { value: "never", label: "Never" },
] as const;
const USES = [
  { value: "any", label: "Any number" },
  { value: "1", label: "Once" },
  { value: "10", label: "10 times" },
  { value: "100", label: "100 times" },
] as const;
type Age = (typeof AGES)[number]["value"];
type Uses = (typeof USES)[number]["value"];

/** Makes a link to send to friends. A link is there at once; other wishes make another one. */
export function InviteDialog(props: { spaceId: SpaceId; open: boolean; onOpenChange: (open: boolean) => void }) {
  const { api, state } = useSnug();
  const [age, setAge] = createSignal<Age>("604800");
  const [uses, setUses] = createSignal<Uses>("any");
  const [invite, setInvite] = createSignal<Invite>();
  const make = createAction(async () => {
    const body: CreateInvite = {};
    if (age() !== "never") body.max_age_s = Number(age());
    if (uses() !== "any") body.max_uses = Number(uses());
    setInvite(await api.invites.create(props.spaceId, body));
  });
  createEffect(
    on(
      () => props.open,
      (open) => {
        setInvite(undefined);
        if (open) void make.run();
      },
      { defer: true },
    ),
  );
  const link = () => location.origin + invitePath(invite()?.code ?? "");
  const copy = async () => toast((await copyText(link())) ? { kind: "good", text: "Link copied" } : { kind: "error", text: "The browser did not let the link be copied. Select it and copy it by hand." });
  const remake = () => {
    setInvite(undefined);
    void make.run();
  };
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title={`Invite people to ${state.spaces[props.spaceId]?.name ?? "the space"}`}
      description="Whoever has this link can come in."
    >
      <ErrorNote error={make.error()} onRetry={remake} />
      <Show when={invite()} fallback={<Show when={make.busy()}><Spinner label="Making a link" /></Show>}>
        <div class={css.copy}>
          <TextField label="Invite link" readOnly value={link()} onInput={() => undefined} onFocus={(event) => event.currentTarget.select()} />
          <Button kind="primary" icon="copy" onClick={() => void copy()} autofocus>
            Copy
          </Button>
        </div>
      </Show>
      <Select<Age> label="Ends after" value={age()} options={[...AGES]} onChange={(value) => (setAge(value), remake())} />
      <Select<Uses> label="Can be used" value={uses()} options={[...USES]} onChange={(value) => (setUses(value), remake())} />
    </Dialog>
  );
}
