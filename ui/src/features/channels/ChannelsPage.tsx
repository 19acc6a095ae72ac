import { createMemo, createSignal, For, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { Section } from "../../components/Section";
import { Sortable } from "../../components/Sortable";
import type { ChannelId, ChannelKind, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { channelTree } from "../../state/selectors";
import { may } from "../spaces/can";
import { ChannelRow } from "./ChannelRow";
import { CreateChannelDialog } from "./CreateChannelDialog";
import { DeletedChannels } from "./DeletedChannels";
import { dropped, rowsOf, stepGap } from "./order";

export function ChannelsPage(props: { spaceId: SpaceId; onOpen: (id: ChannelId) => void }) {
  const { api, state } = useSnug();
  const [creating, setCreating] = createSignal<{ kind: ChannelKind; parent: ChannelId | undefined }>();
  const tree = createMemo(() => channelTree(state, props.spaceId));
  const rows = createMemo(() => rowsOf(tree()));
  const manages = () => may(state, props.spaceId, "manage_channels");
  const order = createAction(async (id: ChannelId, gap: number) => {
    const places = dropped(tree(), id, gap);
    if (places) await api.channels.order(props.spaceId, { places });
  });
  const buttons = () => (
    <Show when={manages()}>
      <Button small icon="folder" onClick={() => setCreating({ kind: "category", parent: undefined })}>
        New category
      </Button>
      <Button small kind="primary" icon="plus" onClick={() => setCreating({ kind: "text", parent: undefined })}>
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
            onDrop={(id, gap) => void order.run(id, gap)}
            onStep={(id, by) => void order.run(id, stepGap(tree(), id, by))}
          >
            {(id, grip) => (
              <Show when={state.channels[id]}>
                {(channel) => <ChannelRow channel={channel()} grip={grip} onOpen={() => props.onOpen(id)} onAdd={() => setCreating({ kind: "text", parent: id })} />}
              </Show>
            )}
          </Sortable>
        </Show>
      </Section>
      <Show when={manages()}>
        <DeletedChannels spaceId={props.spaceId} present={rows().map((row) => row.id)} />
      </Show>
      <For each={creating() ? [creating()!] : []}>
        {(wish) => <CreateChannelDialog open spaceId={props.spaceId} kind={wish.kind} parentId={wish.parent} onClose={() => setCreating(undefined)} />}
      </For>
    </>
  );
}
