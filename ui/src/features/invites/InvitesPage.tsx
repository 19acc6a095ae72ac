import { createSignal, For, Show } from "solid-js";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { createLoad } from "../../components/load";
import { Loaded } from "../../components/Loaded";
import { Rows, Section } from "../../components/Section";
import type { SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { may } from "../spaces/can";
import { InviteDialog } from "./InviteDialog";
import { InviteRow } from "./InviteRow";

export function InvitesPage(props: { spaceId: SpaceId }) {
  const { api, state } = useSnug();
  const invites = createLoad(() => api.invites.list(props.spaceId));
  const [making, setMaking] = createSignal(false);
  const button = () => (
    <Show when={may(state, props.spaceId, "create_invites")}>
      <Button kind="primary" small icon="plus" onClick={() => setMaking(true)}>
        New invite
      </Button>
    </Show>
  );

  return (
    <>
      <Loaded of={invites} what="the invites">
        {(all) => (
          <Show
            when={all().length > 0}
            fallback={
              <EmptyState icon="link" title="No invites yet" action={button()}>
                Make a link and send it to a friend. It works until it ends or is revoked.
              </EmptyState>
            }
          >
            <Section title={`${all().length} ${all().length === 1 ? "invite" : "invites"}`} hint="Whoever has such a link can come in. Revoke those that got about." aside={button()}>
              <Rows label="Invites">
                <For each={all().toSorted((a, b) => b.created_at - a.created_at)}>
                  {(invite) => <InviteRow invite={invite} onRevoked={() => invites.set((list) => list.filter((one) => one.code !== invite.code))} />}
                </For>
              </Rows>
            </Section>
          </Show>
        )}
      </Loaded>
      <InviteDialog spaceId={props.spaceId} open={making()} onClose={() => setMaking(false)} onMade={(invite) => invites.set((list) => [invite, ...list])} />
    </>
  );
}
