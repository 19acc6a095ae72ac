import { For, Show, untrack } from "solid-js";
import { IconButton } from "../../components/IconButton";
import { Menu } from "../../components/Menu";
import type { Message } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { allows, channelPermissions } from "../../state/permissions";
import { powersOver } from "../../state/selectors";
import { favourites } from "../../text/emoji/recents";
import { useOpenChannel } from "./channelContext";
import { messageMenu } from "./messageMenu";
import css from "./messages.module.css";

/** What is done most with a message, over its corner. */
export function Toolbar(props: { message: Message; onHold: (held: boolean) => void }) {
  const snug = useSnug();
  const open = useOpenChannel();
  const may = () => powersOver(snug.state, props.message);
  const write = () => allows(channelPermissions(snug.state, props.message.channel_id), "send_messages");
  // As they are when the toolbar appears: what is chosen must not move under the hand.
  const quick = untrack(() => favourites(snug.preferences.emoji, 3));
  let bar!: HTMLDivElement;
  // What was chosen is done once the menu is gone, so the menu must outlive its closing.
  const hold = (open: boolean) => (open ? props.onHold(true) : setTimeout(() => props.onHold(false), 300));
  return (
    <div class={css.toolbar} role="toolbar" aria-label="Message" ref={(element) => (bar = element)}>
      <Show when={may().react}>
        <For each={quick}>
          {(emoji) => (
            <button type="button" class={css.quick} aria-label={`React with ${emoji}`} onClick={() => open.actions.toggleReaction(props.message, emoji)}>
              {emoji}
            </button>
          )}
        </For>
        <IconButton icon="smile" size="s" label="Add reaction" onClick={() => open.pickReaction(props.message, bar)} />
      </Show>
      <Show when={write()}>
        <IconButton icon="reply" size="s" label="Reply" onClick={() => (open.actions.reply(props.message), open.focusComposer())} />
      </Show>
      <Show when={may().edit}>
        <IconButton icon="edit" size="s" label="Edit" onClick={() => open.actions.edit(props.message)} />
      </Show>
      <Menu size="s" label="More" items={messageMenu(snug, props.message, open.actions, () => open.pickReaction(props.message, bar))} onOpenChange={hold} />
    </div>
  );
}
