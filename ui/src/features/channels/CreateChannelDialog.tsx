import { useNavigate } from "@solidjs/router";
import { createEffect, createSignal, on, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { RadioGroup } from "../../components/RadioGroup";
import { Switch } from "../../components/Switch";
import { TextField } from "../../components/TextField";
import { channelPath } from "../../paths";
import { LIMITS } from "../../protocol/constants";
import type { ChannelId, ChannelKind, CreateChannel, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { bit } from "../../state/permissions";

/** What is to be made, before it has a name. */
export interface NewChannel {
  kind: ChannelKind;
  parentId: ChannelId | null;
}

/** Asks what a new channel or category is called. */
export function CreateChannelDialog(props: { spaceId: SpaceId; wanted: NewChannel | null; onClose: () => void }) {
  const { api, state } = useSnug();
  const navigate = useNavigate();
  const [kind, setKind] = createSignal<"text" | "voice">("text");
  const [name, setName] = createSignal("");
  const [closed, setClosed] = createSignal(false);
  const category = () => props.wanted?.kind === "category";
  const parent = () => (props.wanted?.parentId ? state.channels[props.wanted.parentId]?.name : undefined);

  const create = createAction(async () => {
    const wanted = props.wanted;
    const me = state.account?.id;
    if (!wanted || me === undefined) return;
    const body: CreateChannel = { kind: category() ? "category" : kind(), name: name().trim(), overwrites: [] };
    if (wanted.parentId !== null) body.parent_id = wanted.parentId;
    if (closed()) {
      const view = String(bit("view_channel"));
      body.overwrites = [
        { target: { kind: "role", id: props.spaceId }, allow: "0", deny: view },
        { target: { kind: "member", id: me }, allow: view, deny: "0" },
      ];
    }
    const channel = await api.channels.create(props.spaceId, body);
    props.onClose();
    if (channel.kind !== "category") navigate(channelPath(props.spaceId, channel.id));
  });
  createEffect(
    on(
      () => props.wanted,
      (wanted) => {
        if (!wanted) return;
        setName("");
        setClosed(false);
        setKind(wanted.kind === "voice" ? "voice" : "text");
        create.clear();
      },
    ),
  );
  return (
    <Dialog
      open={props.wanted !== null}
      onOpenChange={(open) => !open && props.onClose()}
      title={category() ? "New category" : parent() === undefined ? "New channel" : `New channel in ${parent()}`}
      onSubmit={() => void create.run()}
      footer={
        <>
          <Button kind="quiet" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" kind="primary" busy={create.busy()} disabled={name().trim() === ""}>
            {category() ? "Create category" : "Create channel"}
          </Button>
        </>
      }
    >
      <Show when={!category()}>
        <RadioGroup<"text" | "voice">
          label="Kind"
          value={kind()}
          onChange={setKind}
          options={[
            { value: "text", label: "Text", hint: "Messages", icon: "hash" },
            { value: "voice", label: "Voice", hint: "Talk, and messages beside it", icon: "speaker" },
          ]}
        />
      </Show>
      <TextField label="Name" autofocus required maxLength={LIMITS.channelName} value={name()} onInput={setName} placeholder={category() ? "Projects" : "plans"} />
      <Switch label="Private" hint="Only you, until you let in roles or people in its settings." checked={closed()} onChange={setClosed} />
      <ErrorNote error={create.error()} />
    </Dialog>
  );
}
