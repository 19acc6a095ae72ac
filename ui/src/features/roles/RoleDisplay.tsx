import { Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { ColorPicker } from "../../components/ColorPicker";
import { confirm } from "../../components/ConfirmDialog";
import type { Draft } from "../../components/draft";
import { ErrorNote } from "../../components/ErrorNote";
import { faultOf } from "../../components/faults";
import { Section } from "../../components/Section";
import { Switch } from "../../components/Switch";
import { TextField } from "../../components/TextField";
import { LIMITS } from "../../protocol/constants";
import type { Role } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { assignLock } from "./hierarchy";

/** What is edited of a role. */
export type RoleForm = { name: string; color: string | null; hoist: boolean; mentionable: boolean; permissions: bigint };

/** How a role is called and shown. */
export function RoleDisplay(props: { role: Role; draft: Draft<RoleForm>; locked: boolean; error: unknown; onDeleted: () => void }) {
  const { api, state } = useSnug();
  const deleteLock = () => assignLock(state, props.role.space_id, props.role);
  const remove = createAction(async () => {
    const yes = await confirm({
      title: `Delete ${props.role.name}?`,
      text: "Its members lose what only it gave them, and channels forget what they said for it. This cannot be undone.",
      danger: true,
      action: "Delete role",
    });
    if (!yes) return;
    await api.roles.delete(props.role.space_id, props.role.id);
    props.onDeleted();
  });

  return (
    <>
      <Section>
        <TextField
          label="Name"
          value={props.draft.get("name")}
          onInput={(value) => props.draft.set("name", value)}
          maxLength={LIMITS.roleName}
          disabled={props.locked}
          error={props.draft.get("name").trim() === "" ? "A name is needed." : faultOf(props.error, "name")}
        />
        <ColorPicker label="Colour" value={props.draft.get("color")} disabled={props.locked} onChange={(value) => props.draft.set("color", value)} />
        <Switch
          label="List its members apart"
          hint="They stand under the role's name in the list of members."
          checked={props.draft.get("hoist")}
          disabled={props.locked}
          onChange={(on) => props.draft.set("hoist", on)}
        />
        <Switch
          label="Everyone may mention it"
          hint="Otherwise only those who may mention everyone."
          checked={props.draft.get("mentionable")}
          disabled={props.locked}
          onChange={(on) => props.draft.set("mentionable", on)}
        />
      </Section>
      <Section danger title="Delete the role">
        <ErrorNote error={remove.error()} />
        <Show when={!props.locked && deleteLock()}>{(why) => <p>{why()} So you cannot delete it.</p>}</Show>
        <div>
          <Button kind="soft-danger" icon="trash" disabled={props.locked || deleteLock() !== undefined} busy={remove.busy()} onClick={() => void remove.run()}>
            Delete role
          </Button>
        </div>
      </Section>
    </>
  );
}
