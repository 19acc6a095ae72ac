import { useNavigate } from "@solidjs/router";
import { createEffect, onCleanup } from "solid-js";
import { chime, notify } from "../backend/notify";
import { mentionsMe } from "../state/apply-message";
import { nameOf, unreadOfSpace } from "../state/selectors";
import type { Snug } from "../state/snug";
import type { Message } from "../protocol/generated";
import { useMentions } from "../text/context";
import { namesOf } from "../text/context";
import { preview } from "../text/plain";
import { channelPath } from "../paths";
import { showCount } from "./title";
import { looksAt } from "../state/attention";

/** Tells of messages that nobody looks at: by the system, with a sound, and as a count in the tab's title. */
export function watchNotifications(snug: Snug): void {
  const navigate = useNavigate();
  const names = namesOf(useMentions());
  const { state, preferences } = snug;

  const wanted = (message: Message): boolean => {
    if (message.author_id === state.account?.id || state.account?.status === "dnd") return false;
    if (looksAt(message.channel_id)) return false;
    return preferences.notify.about === "everything" || (preferences.notify.about === "mentions" && mentionsMe(state, message));
  };
  const tell = (message: Message): void => {
    const channel = state.channels[message.channel_id];
    if (!channel) return;
    if (preferences.notify.sound) chime();
    if (!preferences.notify.desktop) return;
    const avatar = state.users[message.author_id]?.avatar;
    notify({
      title: `${nameOf(state, message.author_id, channel.space_id)} in #${channel.name}`,
      body: preview(message.content, { names }),
      tag: message.channel_id,
      ...(avatar ? { icon: snug.image(avatar)! } : {}),
      opened: () => navigate(channelPath(channel.space_id, channel.id)),
    });
  };
  onCleanup(
    snug.onEvent((event) => {
      if (event.t === "message_create" && wanted(event.d)) tell(event.d);
    }),
  );
  createEffect(() => showCount(state.spaceIds.reduce((sum, id) => sum + unreadOfSpace(state, id).mentions, 0)));
  onCleanup(() => showCount(0));
}
