import { IconButton } from "../../components/IconButton";
import type { Channel, MessageId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf } from "../../state/selectors";
import { namesOf, useMentions } from "../../text/context";
import { preview } from "../../text/plain";
import { useOpenChannel } from "../messages/channelContext";
import css from "./composer.module.css";

/** What the message being written answers. */
export function ReplyBar(props: { channel: Channel; messageId: MessageId; onCancel: () => void }) {
  const { state } = useSnug();
  const open = useOpenChannel();
  const names = namesOf(useMentions());
  const message = () => state.histories[props.channel.id]?.messages[props.messageId];
  return (
    <div class={css.replyBar}>
      <button type="button" class={css.replyWords} onClick={() => open.jump(props.messageId)}>
        Reply to <b>{message() ? nameOf(state, message()!.author_id, props.channel.space_id) : "a message"}</b>
        <span> {message() ? preview(message()!.content, { names, most: 120 }) : ""}</span>
      </button>
      <IconButton icon="close" size="s" label="Do not reply" keys="Esc" onClick={() => props.onCancel()} />
    </div>
  );
}
