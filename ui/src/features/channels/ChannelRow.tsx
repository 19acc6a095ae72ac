import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { ContextMenu } from "../../components/ContextMenu";
import { Icon } from "../../components/Icon";
import type { MenuEntry } from "../../components/Menu";
import { channelPath } from "../../paths";
import type { Channel, ChannelId } from "../../protocol/generated";
import { openChannel } from "../../state/attention";
import { useSnug } from "../../state/context";
import { channelTree, unreadOf } from "../../state/selectors";
import { peopleIn } from "../../state/voice/people";
import { closedTo } from "../voice/powers";
import { dropPerson, dropTarget } from "../voice/drag";
import type { Drag } from "./drag";
import { iconOf } from "./icon";
import css from "./channels.module.css";

/** One channel: opens it, and says what is new in it. */
export function ChannelRow(props: { channel: Channel; menu: () => MenuEntry[]; drag: Drag; step: (id: ChannelId, direction: -1 | 1) => void }) {
  const snug = useSnug();
  const unread = () => unreadOf(snug.state, props.channel.id);
  const next = () => {
    const list = channelTree(snug.state, props.channel.space_id).find((branch) => branch.channels.some((one) => one.id === props.channel.id))?.channels ?? [];
    return list[list.findIndex((one) => one.id === props.channel.id) + 1]?.id ?? null;
  };
  const voice = () => props.channel.kind === "voice";
  const closed = () => (voice() ? closedTo(snug.state, props.channel) : null);
  const people = () => (props.channel.user_limit > 0 && voice() ? peopleIn(snug.state, props.channel.id).length : 0);
  const label = () => {
    const { mentions } = unread();
    const full = closed() === null ? "" : closed() === "full" ? ", full" : ", locked";
    const kind = voice() ? `, voice channel${full}` : "";
    if (mentions > 0) return `${props.channel.name}${kind}, ${mentions} ${mentions === 1 ? "mention" : "mentions"}`;
    return `${props.channel.name}${kind}${unread().unread ? ", unread" : ""}`;
  };
  const row = props.drag.row(() => props.channel, next);
  return (
    <ContextMenu as="li" items={props.menu} label={`${props.channel.name}: channel menu`}>
      <A
        class={css.channel}
        href={channelPath(props.channel.space_id, props.channel.id)}
        aria-label={label()}
        data-channel={props.channel.id}
        data-unread={unread().unread || undefined}
        data-drag={dropTarget() === props.channel.id ? "into" : props.drag.mark(props.channel.id)}
        {...row}
        {...(props.channel.kind === "voice" ? dropPerson(snug, () => props.channel, row) : {})}
        onClick={(event: MouseEvent) => {
          const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
          if (voice() && !elsewhere && closed() === null) snug.voice.join(props.channel.id);
        }}
        onKeyDown={(event: KeyboardEvent) => {
          if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
          event.preventDefault();
          props.step(props.channel.id, event.key === "ArrowUp" ? -1 : 1);
        }}
      >
        <Icon name={closed() === "forbidden" ? "lock" : iconOf(props.channel)} size={18} />
        <span class={css.name}>{props.channel.name}</span>
        <Show when={people() > 0}>
          <span class={css.limit}>
            {people()}/{props.channel.user_limit}
          </span>
        </Show>
        <Show when={snug.drafts.has(props.channel.id) && openChannel() !== props.channel.id}>
          <Icon name="edit" size={14} label="Draft" class={css.draft} />
        </Show>
        <Show when={unread().mentions > 0}>
          {/* Not text: the label says it in words. */}
          <span class={css.count} aria-hidden="true" data-count={unread().mentions > 99 ? "99+" : unread().mentions} />
        </Show>
      </A>
    </ContextMenu>
  );
}
