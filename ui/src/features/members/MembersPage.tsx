import { createMemo, createSignal, For, Show } from "solid-js";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { Rows } from "../../components/Section";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import type { SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { rolesOf } from "../../state/selectors";
import { MemberRow } from "./MemberRow";
import css from "./MembersPage.module.css";
import { findMembers } from "./search";

const PAGE = 50;

export function MembersPage(props: { spaceId: SpaceId }) {
  const { state } = useSnug();
  const [text, setText] = createSignal("");
  const [role, setRole] = createSignal("any");
  const [most, setMost] = createSignal(PAGE);
  const found = createMemo(() => findMembers(state, props.spaceId, text()).filter((member) => role() === "any" || member.roles.includes(role())));
  const total = () => Object.keys(state.members[props.spaceId] ?? {}).length;

  return (
    <>
      <div class={css.tools}>
        <TextField label="Search members" hideLabel icon="search" placeholder={`Search ${total()} ${total() === 1 ? "member" : "members"}`} value={text()} onInput={setText} type="search" />
        <Select
          label="Role"
          hideLabel
          value={role()}
          onChange={setRole}
          options={[{ value: "any", label: "Any role" }, ...rolesOf(state, props.spaceId).filter((one) => one.id !== props.spaceId).map((one) => ({ value: one.id, label: one.name }))]}
        />
      </div>
      <Show
        when={found().length > 0}
        fallback={
          <EmptyState icon="people" title="Nobody found" action={<Button onClick={() => (setText(""), setRole("any"))}>Show all members</Button>}>
            Nobody in this space is called that or has that role.
          </EmptyState>
        }
      >
        <Rows label="Members">
          <For each={found().slice(0, most()).map((member) => member.user_id)}>
            {(id) => <Show when={state.members[props.spaceId]?.[id]}>{(member) => <MemberRow member={member()} />}</Show>}
          </For>
        </Rows>
        <Show when={found().length > most()}>
          <Button onClick={() => setMost(most() + PAGE)}>Show {Math.min(PAGE, found().length - most())} more</Button>
        </Show>
      </Show>
    </>
  );
}
