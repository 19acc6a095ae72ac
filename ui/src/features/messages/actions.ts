import { toast } from "../../components/Toast";
import { copyText } from "../../backend/notify";
import { Refusal } from "../../backend/refusal";
import { messagePath } from "../../paths";
import type { Channel, Message, MessageId } from "../../protocol/generated";
import type { Snug } from "../../state/snug";
import { used } from "../../text/emoji/recents";
import { type Labels, toShown } from "../../text/wire";

export type MessageActions = ReturnType<typeof createMessageActions>;

/** What can be done with the messages of a channel. What is refused is said in a toast. */
export function createMessageActions(snug: Snug, channel: () => Channel, labels: () => Labels) {
  const api = snug.api.messages;
  const attempt = async (work: Promise<unknown>): Promise<boolean> => {
    try {
      await work;
      return true;
    } catch (thrown) {
      const refusal = Refusal.from(thrown);
      toast({ kind: "error", text: refusal.hint ? `${refusal.message} ${refusal.hint}` : refusal.message });
      return false;
    }
  };
  const copy = async (text: string, what: string): Promise<void> => {
    const done = await copyText(text);
    toast(done ? { kind: "good", text: `${what} copied` } : { kind: "error", text: "The browser did not let it be copied." });
  };
  const restore = (message: Message): void => void attempt(api.restore(message.channel_id, message.id));
  return {
    reply: (message: Message): void => snug.drafts.setDraft(channel().id, { replyTo: message.id }),
    edit: (message: Message): void => snug.drafts.setEdit(channel().id, { messageId: message.id, text: toShown(message.content, labels()) }),
    remove: async (message: Message): Promise<void> => {
      if (!(await attempt(api.delete(message.channel_id, message.id)))) return;
      toast({ text: "Message deleted", action: { label: "Undo", run: () => restore(message) }, lasts: 10_000 });
    },
    toggleReaction: (message: Message, emoji: string): void => {
      const mine = message.reactions.find((one) => one.emoji === emoji)?.users.includes(snug.state.account?.id ?? "");
      if (!mine) snug.setPreferences("emoji", (memory) => used(memory, emoji));
      void attempt(mine ? api.unreact(message.channel_id, message.id, emoji) : api.react(message.channel_id, message.id, emoji));
    },
    togglePin: async (message: Message): Promise<void> => {
      const pinned = message.pinned_at !== null;
      const done = await attempt(pinned ? api.unpin(message.channel_id, message.id) : api.pin(message.channel_id, message.id));
      if (done) toast({ text: pinned ? "Message unpinned" : "Message pinned" });
    },
    markUnread: (message: Message): void => snug.reads.markUnread(channel().id, message.id),
    copyText: (message: Message): void => void copy(toShown(message.content, labels()), "Text"),
    copyLink: (id: MessageId): void => void copy(snug.link(messagePath(channel().space_id, channel().id, id)), "Link"),
  };
}
