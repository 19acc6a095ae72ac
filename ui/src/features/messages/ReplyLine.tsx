import { Show } from "solid-js";
import { Icon } from "../../components/Icon";
import type { Reply } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf } from "../../state/selectors";
import { namesOf, useMentions } from "../../text/context";
import { preview } from "../../text/plain";
import { useOpenChannel } from "./channelContext";
import css from "./messages.module.css";

/** As many characters of what is answered come with the answer. */
const EXCERPT = 200;

/** What a message answers, in a line above it: leads there. */
export function ReplyLine(props: { reply: Reply }) {
  const { state } = useSnug();
  const open = useOpenChannel();
  const names = namesOf(useMentions());
  const gone = () => props.reply.author_id === null;
  const text = () => preview(props.reply.excerpt, { names, cut: [...props.reply.excerpt].length >= EXCERPT });
  return (
    <div class={css.reply}>
      <Icon name="reply" size={14} />
      <Show when={!gone()} fallback={<span>Answers a message that is gone</span>}>
        <button type="button" class={css.replyText} onClick={() => open.jump(props.reply.message_id)}>
          <span class="aloud">In reply to </span>
          <b>{nameOf(state, props.reply.author_id ?? "", open.channel().space_id)}</b> {text()}
        </button>
      </Show>
    </div>
  );
}
