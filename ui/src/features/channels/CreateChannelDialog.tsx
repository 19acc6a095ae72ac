import { useNavigate } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { Checkbox } from "../../components/Checkbox";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { faultOf, otherThan } from "../../components/faults";
import { RadioGroup } from "../../components/RadioGroup";
import { Select } from "../../components/Select";
import { Switch } from "../../components/Switch";
import { TextField } from "../../components/TextField";
import { channelPath } from "../../paths";
import { LIMITS } from "../../protocol/constants";
import type { Channel, ChannelId, ChannelKind, RoleId, SpaceId } from "../../protocol/generated";
import { arrival } from "../../state/arrival";
import { useSnug } from "../../state/context";
import { channelTree, rolesOf } from "../../state/selectors";
import { overwriteLock } from "../roles/hierarchy";
import { may } from "../spaces/can";
import css from "./CreateChannelDialog.module.css";
import { KIND } from "./kinds";
import { privateFor } from "./overwrites";

/** What is to be made, before it has a name. */
export interface NewChannel {
  kind: ChannelKind;
  parentId: ChannelId | null;
}

/** Makes the channel or category that is `wanted`, and opens it, unless `onCreated` does something else. */
export function CreateChannelDialog(props: { spaceId: SpaceId; wanted: NewChannel | null; onClose: () => void; onCreated?: ((channel: Channel) => void) | undefined }) {
  const navigate = useNavigate();
  const created = (channel: Channel) => {
    props.onClose();
    if (props.onCreated) props.onCreated(channel);
    else if (channel.kind !== "category") navigate(channelPath(props.spaceId, channel.id));
  };
  return (
    <Show when={props.wanted} keyed>
      {(wanted) => <Form spaceId={props.spaceId} wanted={wanted} onClose={props.onClose} onCreated={created} />}
    </Show>
  );
}

function Form(props: { spaceId: SpaceId; wanted: NewChannel; onClose: () => void; onCreated: (channel: Channel) => void }) {
  const { api, state } = useSnug();
  const [kind, setKind] = createSignal<ChannelKind>(props.wanted.kind);
  const [name, setName] = createSignal("");
  const [parent, setParent] = createSignal<string>(props.wanted.parentId ?? "none");
  const [hidden, setHidden] = createSignal(false);
  const [roles, setRoles] = createSignal<RoleId[]>([]);
  const categories = () => channelTree(state, props.spaceId).flatMap((branch) => branch.category ?? []);
  const choices = () => rolesOf(state, props.spaceId).filter((role) => role.id !== props.spaceId);
  const mayHide = () => may(state, props.spaceId, "manage_roles") && overwriteLock(state, props.spaceId, { kind: "role", id: props.spaceId }) === undefined;
  const owner = () => state.spaces[props.spaceId]?.owner_id === state.account?.id;

  const create = createAction(async () => {
    const channel = await api.channels.create(props.spaceId, {
      kind: kind(),
      name: name().trim(),
      overwrites: hidden() ? privateFor(props.spaceId, roles(), owner() ? undefined : state.account?.id) : [],
      ...(kind() === "category" || parent() === "none" ? {} : { parent_id: parent() }),
    });
    await arrival(() => state.channels[channel.id] !== undefined);
    props.onCreated(channel);
  });
  const what = () => (kind() === "category" ? "category" : "channel");

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && props.onClose()}
      title={kind() === "category" ? "New category" : "New channel"}
      onSubmit={() => name().trim() !== "" && void create.run()}
      footer={
        <>
          <Button kind="quiet" onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" busy={create.busy()} disabled={name().trim() === ""}>
            Create {what()}
          </Button>
        </>
      }
    >
      <Show when={props.wanted.kind !== "category"}>
        <RadioGroup
          label="Kind"
          hideLabel
          value={kind()}
          options={(["text", "voice"] as const).map((value) => ({ value, label: KIND[value].label, hint: KIND[value].hint, icon: KIND[value].icon }))}
          onChange={setKind}
        />
      </Show>
      <TextField
        label="Name"
        data-autofocus
        value={name()}
        onInput={setName}
        maxLength={LIMITS.channelName}
        placeholder={{ text: "plans", voice: "Fireside", category: "Projects" }[kind()]}
        autocomplete="off"
        error={faultOf(create.error(), "name")}
      />
      <Show when={kind() !== "category" && categories().length > 0}>
        <Select
          label="Category"
          value={parent()}
          onChange={setParent}
          options={[{ value: "none", label: "None" }, ...categories().map((one) => ({ value: one.id, label: one.name, icon: "folder" as const }))]}
        />
      </Show>
      <Show when={mayHide()}>
        <Switch label={`Private ${what()}`} hint="Only you, the roles you choose and the space's administrators see it." checked={hidden()} onChange={setHidden} />
      </Show>
      <Show when={hidden()}>
        <fieldset class={css.roles}>
          <legend class={css.legend}>Roles that see it</legend>
          <For each={choices()} fallback={<p class={css.none}>There are no roles yet. Members can be added in the {what()}'s permissions.</p>}>
            {(role) => (
              <Checkbox
                label={role.name}
                hint={overwriteLock(state, props.spaceId, { kind: "role", id: role.id })}
                disabled={overwriteLock(state, props.spaceId, { kind: "role", id: role.id }) !== undefined}
                checked={roles().includes(role.id)}
                onChange={(on) => setRoles((all) => (on ? [...all, role.id] : all.filter((one) => one !== role.id)))}
              />
            )}
          </For>
        </fieldset>
      </Show>
      <ErrorNote error={otherThan(create.error(), "name")} />
    </Dialog>
  );
}
