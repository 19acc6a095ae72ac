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
import { LIMITS } from "../../protocol/constants";
import type { Channel, ChannelId, ChannelKind, RoleId, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { channelTree, rolesOf } from "../../state/selectors";
import css from "./CreateChannelDialog.module.css";
import { KIND } from "./kinds";
import { privateFor } from "./overwrites";

/** Makes a channel or a category. `kind` and `parentId` are what is chosen at first; `onCreated` hears of what was made. */
export function CreateChannelDialog(props: {
  spaceId: SpaceId;
  open: boolean;
  kind?: ChannelKind | undefined;
  parentId?: ChannelId | undefined;
  onClose: () => void;
  onCreated?: ((channel: Channel) => void) | undefined;
}) {
  const { api, state } = useSnug();
  const [kind, setKind] = createSignal<ChannelKind>(props.kind ?? "text");
  const [name, setName] = createSignal("");
  const [parent, setParent] = createSignal<string>(props.parentId ?? "none");
  const [hidden, setHidden] = createSignal(false);
  const [roles, setRoles] = createSignal<RoleId[]>([]);
  const categories = () => channelTree(state, props.spaceId).flatMap((branch) => branch.category ?? []);
  const choices = () => rolesOf(state, props.spaceId).filter((role) => role.id !== props.spaceId);
  const owner = () => state.spaces[props.spaceId]?.owner_id === state.account?.id;

  const create = createAction(async () => {
    const channel = await api.channels.create(props.spaceId, {
      kind: kind(),
      name: name().trim(),
      overwrites: hidden() ? privateFor(props.spaceId, roles(), owner() ? undefined : state.account?.id) : [],
      ...(kind() === "category" || parent() === "none" ? {} : { parent_id: parent() }),
    });
    props.onClose();
    props.onCreated?.(channel);
  });
  const what = () => (kind() === "category" ? "category" : "channel");

  return (
    <Dialog
      open={props.open}
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
      <Show when={props.kind !== "category"}>
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
        autofocus
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
      <Switch label={`Private ${what()}`} hint="Only you, the roles you choose and the space's administrators see it." checked={hidden()} onChange={setHidden} />
      <Show when={hidden()}>
        <fieldset class={css.roles}>
          <legend class={css.legend}>Roles that see it</legend>
          <For each={choices()} fallback={<p class={css.none}>There are no roles yet. Members can be added in the {what()}'s permissions.</p>}>
            {(role) => (
              <Checkbox
                label={role.name}
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
