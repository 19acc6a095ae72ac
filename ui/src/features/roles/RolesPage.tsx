import { createMemo, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Section";
import { Sortable } from "../../components/Sortable";
import { Tooltip } from "../../components/Tooltip";
import type { RoleId, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { rank } from "../../state/permissions";
import { rolesOf } from "../../state/selectors";
import { reordered, roleLock } from "./hierarchy";
import { RoleDot } from "./RoleChip";
import css from "./RolesPage.module.css";

export function RolesPage(props: { spaceId: SpaceId; onOpen: (id: RoleId) => void }) {
  const { api, state } = useSnug();
  const all = createMemo(() => rolesOf(state, props.spaceId));
  const roles = () => all().filter((role) => role.id !== props.spaceId);
  const highest = () => (state.account ? rank(state, props.spaceId, state.account.id) : 0);
  const lock = (id: RoleId) => roleLock(state, props.spaceId, state.roles[id]!);
  const count = (id: RoleId) => Object.values(state.members[props.spaceId] ?? {}).filter((member) => member.roles.includes(id)).length;

  const order = createAction(async (id: RoleId, gap: number) => {
    const ids = reordered(roles(), id, gap, highest());
    if (ids) await api.roles.order(props.spaceId, { roles: ids });
  });
  const create = createAction(async () => {
    const role = await api.roles.create(props.spaceId, { name: "New role", hoist: false, mentionable: false });
    props.onOpen(role.id);
  });
  const place = (id: RoleId) => roles().findIndex((role) => role.id === id);
  const newRole = () => (
    <Button kind="primary" small icon="plus" busy={create.busy()} onClick={() => void create.run()}>
      New role
    </Button>
  );

  return (
    <Section
      title={roles().length === 0 ? "Roles" : `${roles().length} ${roles().length === 1 ? "role" : "roles"}`}
      hint="Highest first. Those higher up may manage those below. A name takes the colour of the highest role that has one."
      aside={roles().length > 0 ? newRole() : undefined}
    >
      <ErrorNote error={order.error() ?? create.error()} />
      <Show
        when={roles().length > 0}
        fallback={
          <EmptyState icon="shield" title="No roles yet" action={newRole()}>
            A role gives some of you a colour, a place in the list, or more to do than the others.
          </EmptyState>
        }
      >
        <Sortable
          label="Roles, highest first"
          items={roles().map((role) => role.id)}
          locked={(id) => lock(id) !== undefined}
          nameOf={(id) => state.roles[id]?.name ?? ""}
          onDrop={(id, gap) => void order.run(id, gap)}
          onStep={(id, by) => void order.run(id, place(id) + (by < 0 ? -1 : 2))}
        >
          {(id, grip) => (
            <>
              {grip}
              <RoleButton id={id} count={count(id)} lock={lock(id)} onOpen={() => props.onOpen(id)} />
            </>
          )}
        </Sortable>
      </Show>
      <div class={css.everyone}>
        <RoleButton id={props.spaceId} hint="What all members may do, before any other role." lock={lock(props.spaceId)} onOpen={() => props.onOpen(props.spaceId)} />
      </div>
    </Section>
  );
}

function RoleButton(props: { id: RoleId; count?: number; hint?: string; lock: string | undefined; onOpen: () => void }) {
  const { state } = useSnug();
  return (
    <button type="button" class={css.role} onClick={() => props.onOpen()}>
      <RoleDot color={state.roles[props.id]?.color ?? null} large />
      <span class={css.name}>{state.roles[props.id]?.name}</span>
      <Show when={props.hint}>
        <span class={css.hint}>{props.hint}</span>
      </Show>
      <span class={css.end}>
        <Show when={props.lock}>
          {(why) => (
            <Tooltip as="span" text={why()} placement="left">
              <Icon name="lock" size={16} label={why()} />
            </Tooltip>
          )}
        </Show>
        <Show when={props.count !== undefined}>
          <span class={css.count}>
            <Icon name="person" size={15} />
            {props.count}
            <span class="aloud">{props.count === 1 ? "member" : "members"}</span>
          </span>
        </Show>
        <Icon name="chevronRight" size={16} />
      </span>
    </button>
  );
}
