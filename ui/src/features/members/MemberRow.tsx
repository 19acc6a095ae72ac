import { For, Show } from "solid-js";
import { Avatar } from "../../components/Avatar";
import { Icon } from "../../components/Icon";
import { Menu, type MenuEntry } from "../../components/Menu";
import { Row } from "../../components/Section";
import type { Member } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { memberRoles, nameOf, statusOf } from "../../state/selectors";
import { RoleChip } from "../roles/RoleChip";
import { fullTime } from "../../text/dates";
import { onDay } from "../settings/when";
import css from "./MemberRow.module.css";
import { memberEntries } from "./memberEntries";

/** A member with roles, and a menu of what one may do with them. */
export function MemberRow(props: { member: Member }) {
  const { image, state } = useSnug();
  const user = () => state.users[props.member.user_id];
  const name = () => nameOf(state, props.member.user_id, props.member.space_id);
  const entries = (): MenuEntry[] => memberEntries(state, props.member.space_id, props.member.user_id);

  return (
    <Row
      start={<Avatar id={props.member.user_id} name={name()} src={image(user()?.avatar)} size={40} status={statusOf(state, props.member.user_id)} />}
      title={
        <>
          {name()}
          <span class={css.username}>@{user()?.username}</span>
          <Show when={state.spaces[props.member.space_id]?.owner_id === props.member.user_id}>
            <Icon name="crown" size={16} label="Owner" class={css.crown} />
          </Show>
        </>
      }
      hint={
        <span class={css.hint}>
          <For each={memberRoles(state, props.member)}>{(role) => <RoleChip role={role} />}</For>
          <time title={fullTime(props.member.joined_at)}>since {onDay(props.member.joined_at)}</time>
        </span>
      }
    >
      <Show when={entries().length > 0}>
        <Menu label={`What to do with ${name()}`} items={entries()} />
      </Show>
    </Row>
  );
}
