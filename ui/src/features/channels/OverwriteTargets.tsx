import { createSignal, For, Show } from "solid-js";
import { Avatar } from "../../components/Avatar";
import { Button } from "../../components/Button";
import { Icon } from "../../components/Icon";
import type { Channel } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf, rolesOf } from "../../state/selectors";
import { MemberPicker } from "../members/MemberPicker";
import { overwriteLock } from "../roles/hierarchy";
import { RoleDot } from "../roles/RoleChip";
import css from "./OverwriteTargets.module.css";
import { keyOf, targetOf } from "./overwrites";

/** Whom a channel says something about, to choose from, and to add to. */
export function OverwriteTargets(props: { channel: Channel; targets: string[]; changed: string[]; current: string; onChoose: (key: string) => void; onAdd: (key: string) => void }) {
  const { image, state } = useSnug();
  const [adding, setAdding] = createSignal(false);
  const free = () => rolesOf(state, props.channel.space_id).filter((role) => {
      const target = { kind: "role" as const, id: role.id };
      return !props.targets.includes(keyOf(target)) && overwriteLock(state, props.channel.space_id, target) === undefined;
    });
  /** Those whom one may say nothing about, and those who are there. */
  const out = () =>
    Object.keys(state.members[props.channel.space_id] ?? {}).filter((id) => {
      const target = { kind: "member" as const, id };
      return props.targets.includes(keyOf(target)) || overwriteLock(state, props.channel.space_id, target) !== undefined;
    });
  const add = (key: string) => {
    setAdding(false);
    props.onAdd(key);
  };

  return (
    <div class={css.targets} role="group" aria-label="Whom it is about">
      <For each={props.targets}>
        {(key) => {
          const target = targetOf(key);
          const name = () => (target.kind === "role" ? (state.roles[target.id]?.name ?? "A deleted role") : nameOf(state, target.id, props.channel.space_id));
          return (
            <button type="button" class={css.target} aria-pressed={props.current === key} onClick={() => props.onChoose(key)}>
              <Show when={target.kind === "member"} fallback={<RoleDot color={state.roles[target.id]?.color ?? null} />}>
                <Avatar id={target.id} name={name()} src={image(state.users[target.id]?.avatar)} size={20} />
              </Show>
              {name()}
              <Show when={props.changed.includes(key)}>
                <span class={css.changed} role="img" aria-label="changed" />
              </Show>
            </button>
          );
        }}
      </For>
      <Button small kind="quiet" icon="plus" onClick={() => setAdding(true)}>
        Role or member
      </Button>
      <MemberPicker
        open={adding()}
        title={`Whom in ${props.channel.name} is it about?`}
        spaceId={props.channel.space_id}
        without={adding() ? out() : []}
        onClose={() => setAdding(false)}
        onPick={(id) => add(keyOf({ kind: "member", id }))}
        extra={
          <Show when={free().length > 0}>
            <div class={css.targets} role="group" aria-label="Roles">
              <For each={free()}>
                {(role) => (
                  <button type="button" class={css.target} onClick={() => add(keyOf({ kind: "role", id: role.id }))}>
                    <RoleDot color={role.color} />
                    {role.name}
                    <Icon name="plus" size={14} />
                  </button>
                )}
              </For>
            </div>
          </Show>
        }
      />
    </div>
  );
}
