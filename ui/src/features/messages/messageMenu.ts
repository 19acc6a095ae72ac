import type { MenuEntry } from "../../components/Menu";
import type { Message } from "../../protocol/generated";
import { allows, channelPermissions } from "../../state/permissions";
import { powersOver } from "../../state/selectors";
import type { Snug } from "../../state/snug";
import type { MessageActions } from "./actions";

/** The menu of a message: at a right click, a long press, or behind its three dots. */
export function messageMenu(snug: Snug, message: Message, actions: MessageActions, pickReaction: () => void): MenuEntry[] {
  const may = powersOver(snug.state, message);
  const write = allows(channelPermissions(snug.state, message.channel_id), "send_messages");
  return [
    ...(may.react ? [{ kind: "item", label: "Add reaction", icon: "smile", run: pickReaction } as const] : []),
    ...(write ? [{ kind: "item", label: "Reply", icon: "reply", keys: "R", run: () => actions.reply(message) } as const] : []),
    ...(may.edit ? [{ kind: "item", label: "Edit", icon: "edit", keys: "E", run: () => actions.edit(message) } as const] : []),
    ...(may.pin ? [{ kind: "item", label: message.pinned_at === null ? "Pin" : "Unpin", icon: "pin", run: () => void actions.togglePin(message) } as const] : []),
    { kind: "separator" },
    { kind: "item", label: "Copy text", icon: "copy", run: () => actions.copyText(message) },
    { kind: "item", label: "Copy link", icon: "link", run: () => actions.copyLink(message.id) },
    { kind: "item", label: "Mark unread from here", icon: "inbox", run: () => actions.markUnread(message) },
    ...(may.remove ? ([{ kind: "separator" }, { kind: "item", label: "Delete", icon: "trash", keys: "Del", danger: true, run: () => void actions.remove(message) }] as const) : []),
  ];
}
