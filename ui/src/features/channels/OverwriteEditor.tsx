import { For, Show } from "solid-js";
import { Button } from "../../components/Button";
import { SegmentedControl } from "../../components/SegmentedControl";
import type { Channel, OverwriteTarget, Permission } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { allows, channelPermissions } from "../../state/permissions";
import { nameOf } from "../../state/selectors";
import { groupsFor } from "../roles/permission-words";
import css from "./OverwriteEditor.module.css";
import { type Change, changesOf, isNothing, keyOf, tristate, type Tristate, withChanges, withTristate } from "./overwrites";
import { type Names, type Subject, verdict, verdictWords } from "./verdict";

const STATES: { value: Tristate; label: string; icon: "close" | "minus" | "check" }[] = [
  { value: "deny", label: "Deny", icon: "close" },
  { value: "inherit", label: "Inherit", icon: "minus" },
  { value: "allow", label: "Allow", icon: "check" },
];

/** What a channel says about one role or member, permission by permission, with what holds where it says nothing. `channel` carries the draft. */
export function OverwriteEditor(props: { channel: Channel; category: Channel | undefined; target: OverwriteTarget; change: Change; onChange: (change: Change) => void; onClear: () => void; locked: boolean }) {
  const { state } = useSnug();
  const space = () => props.channel.space_id;
  const everyone = () => props.target.kind === "role" && props.target.id === space();
  const subject = (): Subject =>
    props.target.kind === "member"
      ? { owner: state.spaces[space()]?.owner_id === props.target.id, roles: state.members[space()]?.[props.target.id]?.roles ?? [], user: props.target.id }
      : { owner: false, roles: everyone() ? [] : [props.target.id], user: undefined };
  const names: Names = {
    role: (id) => state.roles[id]?.name ?? "a deleted role",
    member: (id) => nameOf(state, id, space()),
    channel: (id) => state.channels[id]?.name ?? "a deleted channel",
  };
  const mine = () => channelPermissions(state, props.channel.id);

  /** What would hold if the channel said nothing about this permission for this target. */
  const inherited = (permission: Permission) => {
    const changes = changesOf(props.channel.overwrites);
    const key = keyOf(props.target);
    const without = withChanges(props.channel, { ...changes, [key]: withTristate(props.change, permission, "inherit") });
    return verdict(permission, subject(), space(), state.roles, props.category ? [props.category, without] : [without]);
  };
  const result = (permission: Permission) => verdict(permission, subject(), space(), state.roles, props.category ? [props.category, props.channel] : [props.channel]);
  /** Set one way, and held the other: something stronger decides. */
  const overruled = (permission: Permission): string | undefined => {
    const set = tristate(props.change, permission);
    if (set === "inherit" || result(permission).allowed === (set === "allow")) return undefined;
    return `Without effect. ${verdictWords(result(permission), props.channel.id, names)}.`;
  };

  return (
    <div class={css.editor}>
      <For each={groupsFor(props.channel.kind)}>
        {(group) => (
          <div class={css.group}>
            <h4 class={css.label}>{group.label}</h4>
            <For each={group.permissions}>
              {(one) => (
                <div class={css.row}>
                  <div class={css.words}>
                    <p class={css.name}>{one.inChannel.label ?? one.label}</p>
                    <p class={css.hint}>{one.inChannel.sentence}</p>
                    <p class={css.result} data-allowed={inherited(one.permission).allowed || undefined}>
                      {tristate(props.change, one.permission) === "inherit" ? "Inherits: " : "Otherwise: "}
                      {lower(verdictWords(inherited(one.permission), props.channel.id, names))}.
                    </p>
                    <Show when={overruled(one.permission)}>{(why) => <p class={css.overruled}>{why()}</p>}</Show>
                    <Show when={!props.locked && !allows(mine(), one.permission)}>
                      <p class={css.overruled}>You do not have this here yourself, so you cannot decide on it.</p>
                    </Show>
                  </div>
                  <SegmentedControl
                    label={one.inChannel.label ?? one.label}
                    hideLabel
                    small
                    value={tristate(props.change, one.permission)}
                    options={STATES}
                    disabled={props.locked || !allows(mine(), one.permission)}
                    onChange={(to) => props.onChange(withTristate(props.change, one.permission, to))}
                  />
                </div>
              )}
            </For>
          </div>
        )}
      </For>
      <Show when={!props.locked && !isNothing(props.change)}>
        <div>
          <Button kind="quiet-danger" small icon="undo" onClick={() => props.onClear()}>
            Clear everything for {props.target.kind === "role" ? names.role(props.target.id) : names.member(props.target.id)}
          </Button>
        </div>
      </Show>
    </div>
  );
}

const lower = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);
