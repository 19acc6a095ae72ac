import { A, useParams } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { Avatar } from "../../components/Avatar";
import { Icon } from "../../components/Icon";
import { Tooltip } from "../../components/Tooltip";
import { channelPath, spacePath } from "../../paths";
import type { Space } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { firstChannel, unreadOfSpace } from "../../state/selectors";
import { useFleet } from "../servers/context";
import { ServerButton } from "../servers/ServerButton";
import { AddSpaceDialog } from "./AddSpaceDialog";
import css from "./Rail.module.css";

/** The spaces one is in, and how to get more. */
export function Rail() {
  const { state } = useSnug();
  const [adding, setAdding] = createSignal(false);
  return (
    <nav class={css.rail} aria-label="Spaces">
      <ul class={css.list}>
        <Show when={useFleet()}>
          <li>
            <ServerButton />
          </li>
        </Show>
        <li>
          <Tooltip as={A} {...{ href: "/home" }} text="Home" placement="right" class={css.home} aria-label="Home">
            <Icon name="home" size={21} />
          </Tooltip>
        </li>
        <For each={state.spaceIds}>{(id) => <Show when={state.spaces[id]}>{(space) => <SpaceButton space={space()} />}</Show>}</For>
        <li>
          <Tooltip text="Add a space" placement="right" class={css.add} aria-label="Add a space" onClick={() => setAdding(true)}>
            <Icon name="plus" size={20} />
          </Tooltip>
        </li>
      </ul>
      <AddSpaceDialog open={adding()} onOpenChange={setAdding} />
    </nav>
  );
}

function SpaceButton(props: { space: Space }) {
  const snug = useSnug();
  const params = useParams<{ space?: string }>();
  const unread = () => unreadOfSpace(snug.state, props.space.id);
  const current = () => params.space === props.space.id;
  const href = () => {
    const channel = firstChannel(snug.state, props.space.id, snug.preferences.lastChannel[props.space.id]);
    return channel === undefined ? spacePath(props.space.id) : channelPath(props.space.id, channel);
  };
  const label = () => {
    const { mentions } = unread();
    if (mentions > 0) return `${props.space.name}, ${mentions} ${mentions === 1 ? "mention" : "mentions"}`;
    return unread().unread ? `${props.space.name}, unread messages` : props.space.name;
  };
  return (
    <li class={css.item} data-unread={(unread().unread && !current()) || undefined}>
      <Tooltip as={A} {...{ href: href() }} text={props.space.name} placement="right" class={css.space} aria-label={label()} aria-current={current() ? "page" : undefined}>
        <Avatar square id={props.space.id} name={props.space.name} src={snug.image(props.space.icon)} size={44} />
        <Show when={unread().mentions > 0}>
          <span class={css.badge} aria-hidden="true">
            {unread().mentions > 99 ? "99+" : unread().mentions}
          </span>
        </Show>
      </Tooltip>
    </li>
  );
}
