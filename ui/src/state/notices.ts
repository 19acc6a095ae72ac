import { createEffect, createRoot, onCleanup } from "solid-js";
import { channelPath } from "../paths";
import type { ChannelId, Message } from "../protocol/generated";
import { preview } from "../text/plain";
import { mentionsMe } from "./apply-message";
import { looksAt } from "./attention";
import { nameOf, unreadOf } from "./selectors";
import type { Snug } from "./snug";

/** How the account that is watched stands among others. */
export interface Place {
  /** Whether it is the one that is shown. */
  shown(): boolean;
  /** Shows a page of it. */
  open(path: string): void;
}

/** Tells of messages that nobody looks at, until they are read. Whatever is shown meanwhile, and for as long as the account is there. */
export function watchNotices(snug: Pick<Snug, "state" | "preferences" | "notices" | "onEvent" | "image">, place: Place): void {
  const { state, preferences, notices } = snug;
  const told = new Map<ChannelId, () => void>();

  const wanted = (message: Message): boolean => {
    if (message.author_id === state.account?.id || state.account?.status === "dnd") return false;
    if (place.shown() && looksAt(message.channel_id)) return false;
    return preferences.notify.about === "everything" || (preferences.notify.about === "mentions" && mentionsMe(state, message));
  };

  const tell = (message: Message): void => {
    const channel = state.channels[message.channel_id];
    if (!channel) return;
    const { id, space_id: spaceId, name } = channel;
    const names = {
      user: (user: string) => (state.users[user] ? nameOf(state, user, spaceId) : undefined),
      role: (role: string) => state.roles[role]?.name,
      channel: (other: string) => state.channels[other]?.name,
    };
    const notice = {
      spaceId,
      channelId: id,
      title: `${nameOf(state, message.author_id, spaceId)} in #${name}`,
      body: preview(message.content, { names }),
      icon: snug.image(state.users[message.author_id]?.avatar),
    };
    notices.tell(notice, { shown: preferences.notify.desktop, sound: preferences.notify.sound }, () => place.open(channelPath(spaceId, id)));
    if (preferences.notify.desktop && !told.has(id)) told.set(id, whenRead(id));
  };

  /** Takes back what was told when it is read, wherever that was. Returns how not to. */
  const whenRead = (id: ChannelId): (() => void) =>
    createRoot((dispose) => {
      createEffect(() => {
        if (state.channels[id] && unreadOf(state, id).unread) return;
        notices.withdraw(id);
        told.delete(id);
        queueMicrotask(dispose);
      });
      return dispose;
    });

  const stop = snug.onEvent((event) => {
    if (event.t === "message_create" && wanted(event.d)) tell(event.d);
  });
  onCleanup(() => {
    stop();
    for (const dispose of told.values()) dispose();
  });
}
