import { createSignal } from "solid-js";
import type { Channel, ChannelId, SpaceId, UserId } from "../../protocol/generated";
import type { Snug } from "../../state/snug";
import { moveTo, voicePowers } from "./powers";

const [dragged, setDragged] = createSignal<{ userId: UserId; spaceId: SpaceId } | null>(null);
const [over, setOver] = createSignal<ChannelId | null>(null);

/** The voice channel that somebody would be dropped on. */
export const dropTarget = over;

/** For somebody in a voice channel: dragged with the mouse onto another one. */
export const dragPerson = (snug: Snug, spaceId: SpaceId, userId: () => UserId) => ({
  get draggable() {
    return voicePowers(snug.state, spaceId, userId()).targets.length > 0;
  },
  onDragStart: (event: DragEvent) => {
    event.dataTransfer?.setData("text/plain", snug.state.users[userId()]?.display_name ?? "");
    setDragged({ userId: userId(), spaceId });
    event.stopPropagation();
  },
  onDragEnd: () => {
    setDragged(null);
    setOver(null);
  },
});

/** For the row of a channel: takes a person who is dropped, and leaves everything else to `otherwise`. */
export const dropPerson = (snug: Snug, channel: () => Channel, otherwise: { onDragOver: (event: DragEvent) => void; onDrop: (event: DragEvent) => void }) => ({
  onDragOver: (event: DragEvent) => {
    const who = dragged();
    if (!who) return otherwise.onDragOver(event);
    if (!voicePowers(snug.state, who.spaceId, who.userId).targets.some((one) => one.id === channel().id)) return;
    event.preventDefault();
    setOver(channel().id);
  },
  onDragLeave: () => over() === channel().id && setOver(null),
  onDrop: (event: DragEvent) => {
    const who = dragged();
    if (!who) return otherwise.onDrop(event);
    event.preventDefault();
    setDragged(null);
    setOver(null);
    moveTo(snug, who.spaceId, who.userId, channel().id);
  },
});
