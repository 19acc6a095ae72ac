import { createSignal, onCleanup } from "solid-js";
import type { ChannelId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf } from "../../state/selectors";
import { namesOf, useMentions } from "../../text/context";
import { preview } from "../../text/plain";

/** Reads new messages of the open channel aloud: the list itself is redrawn at every scroll and would be read all over. */
export function Announcer(props: { channelId: ChannelId }) {
  const snug = useSnug();
  const names = namesOf(useMentions());
  const [said, setSaid] = createSignal("");
  onCleanup(
    snug.onEvent((event) => {
      if (event.t !== "message_create" || event.d.channel_id !== props.channelId || event.d.author_id === snug.state.account?.id) return;
      const space = snug.state.channels[props.channelId]?.space_id;
      setSaid(`${nameOf(snug.state, event.d.author_id, space)}: ${preview(event.d.content, { names })}`);
    }),
  );
  return (
    <p class="aloud" role="log" aria-live="polite">
      {said()}
    </p>
  );
}
