import { createMemo, createSignal, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { Section } from "../../components/Section";
import { Sortable } from "../../components/Sortable";
import type { ChannelId, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { channelTree } from "../../state/selectors";
import { may } from "../spaces/can";
import { ChannelLine } from "./ChannelLine";
import { CreateChannelDialog, type NewChannel } from "./CreateChannelDialog";
import { DeletedChannels } from "./DeletedChannels";
import { rowsOf, targetOfGap } from "./order";
import { moved, stepOf, type Target } from "./reorder";

export function ChannelsPage(props: { spaceId: SpaceId; onOpen: (id: ChannelId) => void }) {
  const { api, state } = useSnug();
  const [creating, setCreating] = createSignal<NewChannel | null>(null);
  const tree = createMemo(() => channelTree(state, props.spaceId));
  const rows = createMemo(() => rowsOf(tree()));
  const manages = () => may(state, props.spaceId, "manage_channels");
  const order = createAction(async (id: ChannelId, to: Target | null) => {
    const places = to ? moved(tree(), id, to) : [];
    if (places.length > 0) await api.channels.order(props.spaceId, { places });
  });
  const buttons = () => (
    <Show when={manages()}>
      <Button small icon="folder" onClick={() => setCreating({ kind: "category", parentId: null })}>
        New category
      </Button>
      <Button small kind="primary" icon="plus" onClick={() => setCreating({ kind: "text", parentId: null })}>
        New channel
      </Button>
    </Show>
  );

  return (
    <>
      <Section
        title={`${rows().filter((row) => row.kind !== "category").length} channels`}
        hint={manages() ? "Drag them into order, or press the arrow keys on a grip. Open one to change it and who may do what in it." : "Open one that you manage."}
        aside={<div style={{ display: "flex", gap: "var(--s2)", "flex-wrap": "wrap" }}>{buttons()}</div>}
      >
        <ErrorNote error={order.error()} />
        <Show
          when={rows().length > 0}
          fallback={
            <EmptyState icon="hash" title="No channels yet" action={buttons()}>
              Start with one to write in and one to talk in.
            </EmptyState>
          }
        >
          <Sortable
            label="Channels"
            items={rows().map((row) => row.id)}
            disabled={!manages()}
            nameOf={(id) => state.channels[id]?.name ?? ""}
            onDrop={(id, gap) => void order.run(id, targetOfGap(tree(), id, gap))}
            onStep={(id, by) => void order.run(id, stepOf(tree(), id, by))}
          >
            {(id, grip) => (
              <Show when={state.channels[id]}>
                {(channel) => <ChannelLine channel={channel()} grip={grip} onOpen={() => props.onOpen(id)} onAdd={() => setCreating({ kind: "text", parentId: id })} />}
              </Show>
            )}
          </Sortable>
        </Show>
      </Section>
      <Show when={manages()}>
        <DeletedChannels spaceId={props.spaceId} present={rows().map((row) => row.id)} />
      </Show>
      <CreateChannelDialog spaceId={props.spaceId} wanted={creating()} onClose={() => setCreating(null)} onCreated={() => undefined} />
    </>
  );
}
