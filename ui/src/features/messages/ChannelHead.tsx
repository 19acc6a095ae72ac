import { Show } from "solid-js";
import { Icon } from "../../components/Icon";
import { IconButton } from "../../components/IconButton";
import { Popover } from "../../components/Popover";
import type { Channel } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { useLayout } from "../../state/layout";
import { unreadOfSpace } from "../../state/selectors";
import { namesOf, useMentions } from "../../text/context";
import { Markdown } from "../../text/Markdown";
import { preview } from "../../text/plain";
import { iconOf } from "../channels/icon";
import { openSwitcher } from "../switcher/open";
import css from "./page.module.css";

/** The name of the channel, what it is about, and the panels beside it. */
export function ChannelHead(props: { channel: Channel }) {
  const { state } = useSnug();
  const layout = useLayout();
  const names = namesOf(useMentions());
  const mentions = () => state.spaceIds.reduce((sum, id) => sum + unreadOfSpace(state, id).mentions, 0);
  const on = (side: "members" | "pins") => layout.sideOpen() && layout.side() === side;
  return (
    <header class={css.head}>
      <Show when={layout.narrow()}>
        <span class={css.menu}>
          <IconButton icon="menu" label={mentions() > 0 ? `Spaces and channels, ${mentions()} mentions` : "Spaces and channels"} placement="bottom" onClick={layout.openNav} />
          <Show when={mentions() > 0}>
            <i class={css.menuDot} />
          </Show>
        </span>
      </Show>
      <Icon name={iconOf(props.channel)} size={20} class={css.kind} />
      <h1 class={css.name}>{props.channel.name}</h1>
      <Show when={props.channel.topic}>
        {(topic) => (
          <Popover
            label="What this channel is about"
            placement="bottom-start"
            trigger={(trigger: object) => (
              <button type="button" {...trigger} class={css.topic} title="Show all">
                {preview(topic(), { names })}
              </button>
            )}
          >
            <div class={css.topicAll}>
              <Markdown text={topic()} />
            </div>
          </Popover>
        )}
      </Show>
      <div class={css.tools}>
        <IconButton icon="search" label="Go to" keys="Ctrl+K" placement="bottom" onClick={openSwitcher} />
        <IconButton icon="pin" label="Pinned messages" placement="bottom" aria-pressed={on("pins")} onClick={() => layout.toggleSide("pins")} />
        <IconButton icon="people" label="Members" placement="bottom" aria-pressed={on("members")} onClick={() => layout.toggleSide("members")} />
      </div>
    </header>
  );
}
