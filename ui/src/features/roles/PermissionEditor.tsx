import { For, Show } from "solid-js";
import { Note } from "../../components/Note";
import { Switch } from "../../components/Switch";
import type { Permission, RoleId, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { bit } from "../../state/permissions";
import { grantLock, withPermission } from "./hierarchy";
import css from "./PermissionEditor.module.css";
import { PERMISSION_GROUPS } from "./permission-words";

/** All permissions in groups, each with a sentence and a switch. What one lacks oneself cannot be switched. */
export function PermissionEditor(props: { spaceId: SpaceId; roleId: RoleId; locked: boolean; value: bigint; onChange: (value: bigint) => void }) {
  const { state } = useSnug();
  const has = (permission: Permission) => (props.value & bit(permission)) !== 0n;
  return (
    <div class={css.editor}>
      <Show when={has("administrator")}>
        <Note icon="shield" warn>
          This role passes every check, so nothing else here matters for its members.
        </Note>
      </Show>
      <For each={PERMISSION_GROUPS}>
        {(group) => (
          <fieldset class={css.group}>
            <legend class={css.legend}>{group.label}</legend>
            <For each={group.permissions}>
              {(one) => {
                const lock = () => grantLock(state, props.spaceId, props.roleId, one.permission);
                return (
                  <div class={css.row}>
                    <Switch
                      label={one.label}
                      hint={
                        <>
                          {one.sentence}
                          <Show when={!props.locked && lock()}>{(why) => <span class={css.lock}> {why()}</span>}</Show>
                        </>
                      }
                      checked={has(one.permission)}
                      disabled={props.locked || lock() !== undefined}
                      onChange={(on) => props.onChange(withPermission(props.value, one.permission, on))}
                    />
                  </div>
                );
              }}
            </For>
          </fieldset>
        )}
      </For>
    </div>
  );
}
