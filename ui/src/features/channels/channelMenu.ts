import type { useNavigate } from "@solidjs/router";
import { confirm } from "../../components/ConfirmDialog";
import type { MenuEntry } from "../../components/Menu";
import { toast } from "../../components/Toast";
import { copyText } from "../../backend/notify";
import { Refusal } from "../../backend/refusal";
import { channelPath, spaceSettingsPath } from "../../paths";
import type { Channel, ChannelId } from "../../protocol/generated";
import { allows, channelPermissions } from "../../state/permissions";
import type { Branch } from "../../state/selectors";
import type { Snug } from "../../state/snug";
import type { NewChannel } from "./CreateChannelDialog";
import { stepOf } from "./reorder";

interface Can {
  navigate: ReturnType<typeof useNavigate>;
  /** Moves the channel; nothing for those who may not. */
  step: ((id: ChannelId, direction: -1 | 1) => void) | undefined;
  create: (wanted: NewChannel) => void;
  tree: Branch[];
}

/** What can be done with a channel or a category. */
export function channelMenu(snug: Snug, id: ChannelId, can: Can): MenuEntry[] {
  const channel = snug.state.channels[id];
  if (!channel) return [];
  const manage = allows(channelPermissions(snug.state, id), "manage_channels");
  const { step } = can;
  const move: MenuEntry[] = step
    ? [
        { kind: "item", label: "Move up", icon: "arrowUp", keys: "Alt+↑", disabled: stepOf(can.tree, id, -1) === null, run: () => step(id, -1) },
        { kind: "item", label: "Move down", icon: "arrowDown", keys: "Alt+↓", disabled: stepOf(can.tree, id, 1) === null, run: () => step(id, 1) },
        { kind: "separator" },
      ]
    : [];
  const change: MenuEntry[] = manage
    ? [
        ...(channel.kind === "category" ? [{ kind: "item", label: "New channel here", icon: "plus", run: () => can.create({ kind: "text", parentId: id }) } as const] : []),
        { kind: "item", label: channel.kind === "category" ? "Edit category" : "Edit channel", icon: "settings", run: () => can.navigate(spaceSettingsPath(channel.space_id, `channels/${id}`)) },
        { kind: "item", label: channel.kind === "category" ? "Delete category" : "Delete channel", icon: "trash", danger: true, run: () => void remove(snug, channel) },
      ]
    : [];
  if (channel.kind === "category") return [...move, ...change];
  return [
    { kind: "item", label: "Mark as read", icon: "check", disabled: (snug.state.readStates[id]?.unread ?? 0) === 0, run: () => markRead(snug, channel) },
    { kind: "item", label: "Copy link", icon: "link", run: () => void copyLink(snug, channel) },
    ...(move.length + change.length > 0 ? [{ kind: "separator" } as const] : []),
    ...move,
    ...change,
  ];
}

function markRead(snug: Snug, channel: Channel): void {
  snug.reads.release(channel.id);
  if (channel.last_message_id !== null) snug.reads.seen(channel.id, channel.last_message_id);
}

async function copyLink(snug: Snug, channel: Channel): Promise<void> {
  const done = await copyText(snug.link(channelPath(channel.space_id, channel.id)));
  toast(done ? { kind: "good", text: "Link copied" } : { kind: "error", text: "The browser did not let the link be copied." });
}

async function remove(snug: Snug, channel: Channel): Promise<void> {
  const category = channel.kind === "category";
  const yes = await confirm({
    title: category ? `Delete ${channel.name}?` : `Delete #${channel.name}?`,
    text: category ? "Its channels stay, in no category." : "It can be restored from the space's settings.",
    danger: true,
    action: category ? "Delete category" : "Delete channel",
  });
  if (!yes) return;
  try {
    await snug.api.channels.delete(channel.id);
    toast({ text: `${channel.name} was deleted`, action: { label: "Undo", run: () => void restore(snug, channel) } });
  } catch (thrown) {
    toast({ kind: "error", text: Refusal.from(thrown).message });
  }
}

async function restore(snug: Snug, channel: Channel): Promise<void> {
  try {
    await snug.api.channels.restore(channel.id);
  } catch (thrown) {
    toast({ kind: "error", text: Refusal.from(thrown).message });
  }
}
