import { createMemo, type JSX, Show } from "solid-js";
import { Virtualizer } from "virtua/solid";
import { Avatar } from "../../components/Avatar";
import { ContextMenu } from "../../components/ContextMenu";
import type { ChannelId, SpaceId, UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { allows, channelPermissions } from "../../state/permissions";
import { colorOf, memberGroups, nameOf, statusOf } from "../../state/selectors";
import { memberMenu } from "./memberMenu";
import { useProfile } from "./ProfileProvider";
import css from "./members.module.css";

/** Who is in the space: by role while they are there, then who is away. Those who may not see the channel are left out. */
export function MemberList(props: { spaceId: SpaceId; channelId: ChannelId }) {
  const { state } = useSnug();
  /** By itself, because presences change all the time and permissions seldom. */
  const visible = createMemo(() => new Set(Object.keys(state.members[props.spaceId] ?? {}).filter((id) => allows(channelPermissions(state, props.channelId, id), "view_channel"))));
  const groups = createMemo(() => memberGroups(state, props.spaceId, (id) => visible().has(id)));
  /** A heading is the group's number, a person their identifier. */
  const rows = createMemo(() => groups().flatMap((group) => [`# ${group.id}`, ...group.members]));
  let scroller!: HTMLDivElement;
  return (
    <div class={css.list} ref={(element) => (scroller = element)} tabIndex={-1}>
      <Virtualizer data={rows()} scrollRef={scroller} bufferSize={400} as={List} item="li">
        {(row) => (
          <Show when={row.startsWith("# ")} fallback={<MemberRow userId={row} spaceId={props.spaceId} />}>
            <Show when={groups().find((group) => group.id === row.slice(2))}>
              {(group) => (
                <h3 class={css.group}>
                  {group().name}, {group().members.length}
                </h3>
              )}
            </Show>
          </Show>
        )}
      </Virtualizer>
    </div>
  );
}

const List = (props: JSX.HTMLAttributes<HTMLUListElement>) => <ul {...props} aria-label="Members" />;

function MemberRow(props: { userId: UserId; spaceId: SpaceId }) {
  const snug = useSnug();
  const profile = useProfile();
  const user = () => snug.state.users[props.userId];
  const name = () => nameOf(snug.state, props.userId, props.spaceId);
  const status = () => statusOf(snug.state, props.userId);
  return (
    <ContextMenu items={() => memberMenu(snug, props.userId, props.spaceId)} label={`${name()}: menu`}>
      <button type="button" class={css.member} data-away={status() === "offline" || undefined} onClick={(event) => profile.open(props.userId, event.currentTarget)}>
          <Avatar id={props.userId} name={name()} src={snug.image(user()?.avatar)} size={32} status={status() === "offline" ? undefined : status()} />
          <span class={css.memberWords}>
            <span class={css.memberName} style={{ color: colorOf(snug.state, props.spaceId, props.userId) ?? undefined }}>
              {name()}
            </span>
            <Show when={snug.state.presences[props.userId]?.text}>{(text) => <small class={css.statusText}>{text()}</small>}</Show>
          </span>
      </button>
    </ContextMenu>
  );
}
