import { useSnug } from "../../state/context";
import { allows, channelPermissions } from "../../state/permissions";
import { powersOver } from "../../state/selectors";
import type { OpenChannel } from "./channelContext";

/** The keys on a message that has the focus: E edits, R replies, Del deletes. */
export function createMessageKeys(open: OpenChannel): (event: KeyboardEvent) => void {
  const snug = useSnug();
  return (event) => {
    const row = event.target instanceof HTMLElement && event.target.matches("[data-message]") ? event.target : undefined;
    const message = row && snug.state.histories[open.channel().id]?.messages[row.dataset["message"] ?? ""];
    if (!row || !message || event.ctrlKey || event.metaKey || event.altKey) return;
    const may = powersOver(snug.state, message);
    const write = allows(channelPermissions(snug.state, open.channel().id), "send_messages");
    const key = event.key.toLowerCase();
    if (key === "e" && may.edit) open.actions.edit(message);
    else if (key === "r" && write) open.actions.reply(message);
    else if (key === "+" && may.react) open.pickReaction(message, row);
    else if (key === "delete" && may.remove) void open.actions.remove(message);
    else return;
    event.preventDefault();
  };
}
