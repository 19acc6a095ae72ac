import { For, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { Checkbox } from "../../components/Checkbox";
import { Dialog } from "../../components/Dialog";
import { createDraft } from "../../components/draft";
import { ErrorNote } from "../../components/ErrorNote";
import { faultOf, otherThan } from "../../components/faults";
import { TextField } from "../../components/TextField";
import { LIMITS } from "../../protocol/constants";
import type { RoleId, SpaceId, UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { compareIds } from "../../state/ids";
import { nameOf, rolesOf } from "../../state/selectors";
import { assignLock } from "../roles/hierarchy";
import css from "./MemberDialog.module.css";
import { powersOverMember } from "./powers";

/** The nickname and the roles of a member. */
export function MemberDialog(props: { spaceId: SpaceId; userId: UserId; onClose: () => void }) {
  const { api, state } = useSnug();
  const member = () => state.members[props.spaceId]?.[props.userId];
  const powers = () => powersOverMember(state, props.spaceId, props.userId);
  const draft = createDraft<{ nickname: string; roles: readonly RoleId[] }>(() => ({ nickname: member()?.nickname ?? "", roles: member()?.roles ?? [] }));
  const roles = () => rolesOf(state, props.spaceId).filter((role) => role.id !== props.spaceId);
  const toggle = (id: RoleId, on: boolean) => draft.set("roles", on ? [...draft.get("roles"), id].sort(compareIds) : draft.get("roles").filter((one) => one !== id));

  const save = createAction(async () => {
    const { nickname, roles: wanted } = draft.changes();
    await api.members.update(props.spaceId, props.userId, { ...(nickname === undefined ? {} : { nickname }), ...(wanted === undefined ? {} : { roles: [...wanted] }) });
    props.onClose();
  });

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && props.onClose()}
      title={nameOf(state, props.userId, props.spaceId)}
      onSubmit={() => draft.dirty() && void save.run()}
      footer={
        <>
          <Button kind="quiet" onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" busy={save.busy()} disabled={!draft.dirty()}>
            Save
          </Button>
        </>
      }
    >
      <Show when={powers().nickname}>
        <TextField
          label="Nickname in this space"
          value={draft.get("nickname")}
          onInput={(value) => draft.set("nickname", value)}
          maxLength={LIMITS.displayName}
          placeholder={state.users[props.userId]?.display_name}
          hint="Empty for none."
          error={faultOf(save.error(), "nickname")}
        />
      </Show>
      <Show when={powers().roles}>
        <fieldset class={css.roles}>
          <legend class={css.legend}>Roles</legend>
          <For each={roles()} fallback={<p class={css.none}>There are no roles yet. Make one under Roles.</p>}>
            {(role) => (
              <Checkbox
                label={role.name}
                hint={assignLock(state, props.spaceId, role)}
                checked={draft.get("roles").includes(role.id)}
                disabled={assignLock(state, props.spaceId, role) !== undefined}
                onChange={(on) => toggle(role.id, on)}
              />
            )}
          </For>
        </fieldset>
      </Show>
      <ErrorNote error={otherThan(save.error(), "nickname")} />
    </Dialog>
  );
}
