import { For, Show } from "solid-js";
import { IconButton } from "../../components/IconButton";
import { Tooltip } from "../../components/Tooltip";
import type { Message, Reaction } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf, powersOver } from "../../state/selectors";
import { useOpenChannel } from "./channelContext";
import css from "./messages.module.css";

/** More names than these are counted. */
const NAMED = 12;

/** The reactions to a message: who reacted, and a click to join them. */
export function Reactions(props: { message: Message }) {
  const snug = useSnug();
  const open = useOpenChannel();
  const may = () => powersOver(snug.state, props.message).react;
  const mine = (reaction: Reaction) => reaction.users.includes(snug.state.account?.id ?? "");
  const who = (reaction: Reaction) => {
    const names = reaction.users.slice(0, NAMED).map((id) => (id === snug.state.account?.id ? "you" : nameOf(snug.state, id, open.channel().space_id)));
    const more = reaction.users.length - names.length;
    return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
  };
  return (
    <ul class={css.reactions} aria-label="Reactions">
      <For each={props.message.reactions}>
        {(reaction) => (
          <li>
            <Tooltip
              type="button"
              class={css.reaction}
              text={`${reaction.emoji} ${who(reaction)}`}
              aria-pressed={mine(reaction)}
              aria-label={`${reaction.emoji} ${reaction.users.length}: ${who(reaction)}`}
              disabled={!may()}
              onClick={() => open.actions.toggleReaction(props.message, reaction.emoji)}
            >
              <span class={css.reactionEmoji}>{reaction.emoji}</span> {reaction.users.length}
            </Tooltip>
          </li>
        )}
      </For>
      <Show when={may()}>
        <li class={css.addReaction}>
          <IconButton icon="smile" size="s" label="Add reaction" onClick={(event) => open.pickReaction(props.message, event.currentTarget)} />
        </li>
      </Show>
    </ul>
  );
}
