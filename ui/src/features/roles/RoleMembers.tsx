import { createMemo, createSignal, For, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Avatar } from "../../components/Avatar";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { IconButton } from "../../components/IconButton";
import { Row, Rows, Section } from "../../components/Section";
import type { Role, UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { compareIds } from "../../state/ids";
import { nameOf } from "../../state/selectors";
import { MemberPicker } from "../members/MemberPicker";
import { findMembers } from "../members/search";
import { assignLock } from "./hierarchy";

/** Who has a role; to give it and to take it. */
export function RoleMembers(props: { role: Role }) {
  const { api, image, state } = useSnug();
  const [picking, setPicking] = createSignal(false);
  const space = () => props.role.space_id;
  const members = createMemo(() => findMembers(state, space(), "").filter((member) => member.roles.includes(props.role.id)));
  const lock = () => assignLock(state, space(), props.role);

  const change = createAction(async (user: UserId, has: boolean) => {
    const roles = (state.members[space()]?.[user]?.roles ?? []).filter((id) => id !== props.role.id);
    await api.members.update(space(), user, { roles: has ? [...roles, props.role.id].sort(compareIds) : roles });
  });
  const give = () => (
    <Button small icon="plus" kind={members().length === 0 ? "primary" : "plain"} disabled={lock() !== undefined} busy={change.busy()} onClick={() => setPicking(true)}>
      Give it to somebody
    </Button>
  );

  return (
    <Section title={members().length > 0 ? "Who has it" : ""} hint={lock()} aside={members().length > 0 ? give() : undefined}>
      <ErrorNote error={change.error()} />
      <Show
        when={members().length > 0}
        fallback={
          <EmptyState icon="people" title="Nobody has this role" action={give()}>
            {lock() ?? "Give it to those whom it is for."}
          </EmptyState>
        }
      >
        <Rows label={`Members with ${props.role.name}`}>
          <For each={members()}>
            {(member) => (
              <Row
                start={<Avatar id={member.user_id} name={nameOf(state, member.user_id, space())} src={image(state.users[member.user_id]?.avatar)} size={32} />}
                title={nameOf(state, member.user_id, space())}
              >
                <Show when={lock() === undefined}>
                  <IconButton icon="close" label={`Take it from ${nameOf(state, member.user_id, space())}`} danger onClick={() => void change.run(member.user_id, false)} />
                </Show>
              </Row>
            )}
          </For>
        </Rows>
      </Show>
      <MemberPicker
        open={picking()}
        title={`Who gets ${props.role.name}?`}
        spaceId={space()}
        without={members().map((member) => member.user_id)}
        onClose={() => setPicking(false)}
        onPick={(user) => void change.run(user, true)}
      />
    </Section>
  );
}
