import { createSignal, Match, Show, Switch } from "solid-js";
import { createAction } from "../../components/action";
import { BackLink } from "../../components/BackLink";
import { Button } from "../../components/Button";
import { createDraft } from "../../components/draft";
import { EmptyState } from "../../components/EmptyState";
import { otherThan } from "../../components/faults";
import { Note } from "../../components/Note";
import { SaveBar } from "../../components/SaveBar";
import { Tabs } from "../../components/Tabs";
import { toast } from "../../components/Toast";
import type { RoleId, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { parse } from "../../state/permissions";
import { roleLock } from "./hierarchy";
import { PermissionEditor } from "./PermissionEditor";
import { RoleDisplay, type RoleForm } from "./RoleDisplay";
import { RoleMembers } from "./RoleMembers";
import { RoleDot } from "./RoleChip";
import css from "./RolePage.module.css";

type Tab = "display" | "permissions" | "members";

/** One role: how it looks, what it lets its members do, who they are. */
export function RolePage(props: { spaceId: SpaceId; roleId: RoleId; onBack: () => void }) {
  const { api, state } = useSnug();
  const role = () => (state.roles[props.roleId]?.space_id === props.spaceId ? state.roles[props.roleId] : undefined);
  const everyone = () => props.roleId === props.spaceId;
  const [tab, setTab] = createSignal<Tab>(everyone() ? "permissions" : "display");
  const lock = () => {
    const one = role();
    return one && roleLock(state, props.spaceId, one);
  };
  const draft = createDraft<RoleForm>(() => {
    const one = role();
    return { name: one?.name ?? "", color: one?.color ?? null, hoist: one?.hoist ?? false, mentionable: one?.mentionable ?? false, permissions: parse(one?.permissions ?? "0") };
  });
  const empty = () => draft.get("name").trim() === "";
  const count = () => Object.values(state.members[props.spaceId] ?? {}).filter((member) => member.roles.includes(props.roleId)).length;

  const save = createAction(async () => {
    const { color, permissions, ...rest } = draft.changes();
    await api.roles.update(props.spaceId, props.roleId, {
      ...rest,
      ...(color === undefined ? {} : { color: color ?? "" }),
      ...(permissions === undefined ? {} : { permissions: String(permissions) }),
    });
    toast({ text: "Role saved", kind: "good" });
  });

  const tabs = () => [
    ...(everyone() ? [] : [{ value: "display" as Tab, label: "Display" }]),
    { value: "permissions" as Tab, label: "Permissions" },
    ...(everyone() ? [] : [{ value: "members" as Tab, label: "Members", count: count() }]),
  ];

  return (
    <>
      <BackLink label="Roles" onClick={props.onBack} />
      <Show
        when={role()}
        fallback={
          <EmptyState icon="shield" title="This role is gone" action={<Button onClick={props.onBack}>All roles</Button>}>
            Somebody deleted it.
          </EmptyState>
        }
      >
        {(one) => (
          <>
            <h3 class={css.title}>
              <RoleDot color={draft.get("color")} large />
              {draft.get("name") || one().name}
            </h3>
            <Show when={lock()}>{(why) => <Note icon="lock">{why()}</Note>}</Show>
            <Tabs label="Parts of the role" tabs={tabs()} value={tab()} onChange={setTab}>
              {(value) => (
                <Switch>
                  <Match when={value === "display"}>
                    <RoleDisplay role={one()} draft={draft} locked={lock() !== undefined} error={save.error()} onDeleted={props.onBack} />
                  </Match>
                  <Match when={value === "permissions"}>
                    <PermissionEditor spaceId={props.spaceId} roleId={props.roleId} locked={lock() !== undefined} value={draft.get("permissions")} onChange={(value) => draft.set("permissions", value)} />
                  </Match>
                  <Match when={value === "members"}>
                    <RoleMembers role={one()} />
                  </Match>
                </Switch>
              )}
            </Tabs>
            <SaveBar
              dirty={draft.dirty()}
              busy={save.busy()}
              error={otherThan(save.error(), "name", "color")}
              blocked={empty() ? "A name is needed." : undefined}
              onSave={() => void save.run()}
              onReset={() => {
                draft.reset();
                save.clear();
              }}
            />
          </>
        )}
      </Show>
    </>
  );
}
