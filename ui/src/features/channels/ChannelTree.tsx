import { useNavigate, useParams } from "@solidjs/router";
import { createMemo, createSignal, For, Show } from "solid-js";
import { toast } from "../../components/Toast";
import { Refusal } from "../../backend/refusal";
import type { ChannelId, ChannelPlace, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { allows, spacePermissions } from "../../state/permissions";
import { type Branch, channelTree, unreadOf } from "../../state/selectors";
import { VoicePeople } from "../voice/VoicePeople";
import { CategoryRow } from "./CategoryRow";
import { channelMenu } from "./channelMenu";
import { ChannelRow } from "./ChannelRow";
import type { NewChannel } from "./CreateChannelDialog";
import { createDrag } from "./drag";
import { moved, stepOf, type Target } from "./reorder";
import css from "./channels.module.css";

/** The channels of a space by category. They are put in order by dragging, or with Alt and the arrow keys. */
export function ChannelTree(props: { spaceId: SpaceId; onCreate: (wanted: NewChannel) => void }) {
  const snug = useSnug();
  const navigate = useNavigate();
  const params = useParams<{ channel?: string }>();
  /** Where things were just put, until the server has said so. */
  const [places, setPlaces] = createSignal<ChannelPlace[]>([]);
  const [said, setSaid] = createSignal("");
  const tree = createMemo(() => channelTree(snug.state, props.spaceId, places()));
  let list!: HTMLElement;
  const mayMove = () => allows(spacePermissions(snug.state, props.spaceId), "manage_channels");

  const put = async (id: ChannelId, to: Target): Promise<void> => {
    const next = moved(tree(), id, to);
    if (next.length === 0) return;
    setPlaces(next);
    try {
      await snug.api.channels.order(props.spaceId, { places: next });
    } catch (thrown) {
      toast({ kind: "error", text: Refusal.from(thrown).message });
    }
    setPlaces([]);
  };
  const step = (id: ChannelId, direction: -1 | 1): void => {
    const to = mayMove() ? stepOf(tree(), id, direction) : null;
    const name = snug.state.channels[id]?.name ?? "";
    setSaid(to ? `${name} moved ${direction < 0 ? "up" : "down"}` : `${name} cannot be moved further`);
    if (!to) return;
    void put(id, to);
    // Rows that change places lose the focus.
    queueMicrotask(() => list.querySelector<HTMLElement>(`[data-channel="${id}"]`)?.focus());
  };
  const drag = createDrag({ enabled: mayMove, drop: (id, to) => void put(id, to) });
  const menu = (id: ChannelId) => channelMenu(snug, id, { navigate, step: mayMove() ? step : undefined, create: props.onCreate, tree: tree() });

  const folded = (branch: Branch) => branch.category !== null && snug.preferences.folded[branch.category.id] === true;
  /** Of a folded category only what is open or unread is shown. */
  const shown = (branch: Branch) => (folded(branch) ? branch.channels.filter((channel) => channel.id === params.channel || unreadOf(snug.state, channel.id).unread || snug.voice.channel() === channel.id) : branch.channels);

  return (
    <nav class={css.tree} aria-label="Channels" ref={(element) => (list = element)} {...drag.surface}>
      <Show when={tree().every((branch) => branch.category === null && branch.channels.length === 0)}>
        <p class={css.empty}>{mayMove() ? "No channels yet. Make one from the space's menu above." : "No channel here is open to you yet."}</p>
      </Show>
      <For each={tree().map((branch) => branch.category?.id ?? null)}>
        {(categoryId) => {
          const branch = () => tree().find((one) => (one.category?.id ?? null) === categoryId);
          return (
            <Show when={branch()}>
              {(present) => (
                <section class={css.branch} aria-label={present().category?.name}>
                  <Show when={present().category}>
                    {(category) => (
                      <CategoryRow
                        category={category()}
                        folded={folded(present())}
                        onFold={(fold) => snug.setPreferences("folded", category().id, fold)}
                        onCreate={mayMove() ? () => props.onCreate({ kind: "text", parentId: category().id }) : undefined}
                        menu={() => menu(category().id)}
                        drag={drag}
                        step={step}
                      />
                    )}
                  </Show>
                  <ul class={css.list}>
                    <For each={shown(present()).map((channel) => channel.id)}>
                      {(id) => (
                        <Show when={snug.state.channels[id]}>
                          {(channel) => (
                            <>
                              <ChannelRow channel={channel()} menu={() => menu(id)} drag={drag} step={step} />
                              <Show when={channel().kind === "voice"}>
                                <VoicePeople channel={channel()} />
                              </Show>
                            </>
                          )}
                        </Show>
                      )}
                    </For>
                  </ul>
                </section>
              )}
            </Show>
          );
        }}
      </For>
      <p class="aloud" role="status">
        {said()}
      </p>
    </nav>
  );
}
