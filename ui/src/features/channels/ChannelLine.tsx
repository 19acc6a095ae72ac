import { type JSX, Show } from "solid-js";
import { Badge } from "../../components/Badge";
import { cx } from "../../components/cx";
import { Icon } from "../../components/Icon";
import { IconButton } from "../../components/IconButton";
import type { Channel } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { allows, channelPermissions } from "../../state/permissions";
import { duration } from "../../text/dates";
import { may } from "../spaces/can";
import css from "./ChannelLine.module.css";
import { KIND } from "./kinds";
import { isPrivate } from "./overwrites";

/** A channel in the list of the settings; it opens if one may change it. */
export function ChannelLine(props: { channel: Channel; grip: JSX.Element; onOpen: () => void; onAdd: () => void }) {
  const { state } = useSnug();
  const set = () => channelPermissions(state, props.channel.id);
  const open = () => allows(set(), "manage_channels") || allows(set(), "manage_roles");
  const category = () => props.channel.kind === "category";
  return (
    <>
      {props.grip}
      <button type="button" class={cx(css.row, category() && css.category, props.channel.parent_id !== null && css.inside)} disabled={!open()} onClick={() => props.onOpen()}>
        <Icon name={KIND[props.channel.kind].icon} size={18} />
        <span class={css.name}>{props.channel.name}</span>
        <Show when={props.channel.topic}>
          <span class={css.topic}>{props.channel.topic}</span>
        </Show>
        <span class={css.marks}>
          <Show when={props.channel.slow_mode_s > 0}>
            <Badge quiet>one message in {duration(props.channel.slow_mode_s * 1000)}</Badge>
          </Show>
          <Show when={props.channel.user_limit > 0}>
            <Badge quiet>up to {props.channel.user_limit}</Badge>
          </Show>
          <Show when={isPrivate(props.channel)}>
            <Icon name="lock" size={16} label="Not seen by everyone" />
          </Show>
          <Show when={open()}>
            <Icon name="chevronRight" size={16} />
          </Show>
        </span>
      </button>
      <Show when={category() && may(state, props.channel.space_id, "manage_channels")}>
        <IconButton icon="plus" size="s" label={`New channel in ${props.channel.name}`} placement="left" onClick={() => props.onAdd()} />
      </Show>
    </>
  );
}
