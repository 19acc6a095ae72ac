import { createSignal, For, onCleanup, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Avatar } from "../../components/Avatar";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { IconButton } from "../../components/IconButton";
import { Spinner } from "../../components/Spinner";
import type { Channel, Message, MessagePage } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { createdAt } from "../../state/ids";
import { nameOf, powersOver } from "../../state/selectors";
import { fullTime, shortTime } from "../../text/dates";
import { Markdown } from "../../text/Markdown";
import { useOpenChannel } from "./channelContext";
import css from "./page.module.css";

/** What was pinned in a channel, the latest first. */
export function PinsPanel(props: { channel: Channel }) {
  const snug = useSnug();
  const [page, setPage] = createSignal<MessagePage>();
  const load = createAction(async () => setPage(await snug.api.messages.pins(props.channel.id)));
  void load.run();
  onCleanup(
    snug.onEvent((event) => {
      const pins = page()?.messages ?? [];
      if (event.t === "message_update" && event.d.channel_id === props.channel.id && (event.d.pinned_at !== null || pins.some((one) => one.id === event.d.id))) void load.run();
      if (event.t === "message_delete" && pins.some((one) => event.d.ids.includes(one.id))) void load.run();
    }),
  );
  return (
    <div class={css.pins}>
      <ErrorNote error={load.error()} onRetry={() => void load.run()} />
      <Show when={page()} fallback={<Show when={load.busy()}><Spinner label="Loading pinned messages" /></Show>}>
        {(found) => (
          <Show
            when={found().messages.length > 0}
            fallback={
              <EmptyState icon="pin" title="Nothing is pinned">
                Pin what should be found again: it is in the menu of a message, for those who keep order here.
              </EmptyState>
            }
          >
            <ul class={css.pinList}>
              <For each={found().messages}>{(message) => <Pin message={message} page={found()} />}</For>
            </ul>
          </Show>
        )}
      </Show>
    </div>
  );
}

function Pin(props: { message: Message; page: MessagePage }) {
  const snug = useSnug();
  const open = useOpenChannel();
  const author = () => snug.state.users[props.message.author_id] ?? props.page.users.find((user) => user.id === props.message.author_id);
  const name = () => (snug.state.users[props.message.author_id] ? nameOf(snug.state, props.message.author_id, open.channel().space_id) : (author()?.display_name ?? "Somebody who left"));
  return (
    <li class={css.pin}>
      <header class={css.pinHead}>
        <Avatar id={props.message.author_id} name={name()} src={snug.image(author()?.avatar)} size={24} />
        <b>{name()}</b>
        <time title={fullTime(createdAt(props.message.id))}>{shortTime(createdAt(props.message.id), snug.now())}</time>
      </header>
      <div class={css.pinText}>
        <Markdown text={props.message.content} />
      </div>
      <footer class={css.pinFoot}>
        <button type="button" class={css.pinJump} onClick={() => open.jump(props.message.id)}>
          Show in the channel
        </button>
        <Show when={powersOver(snug.state, props.message).pin}>
          <IconButton icon="close" size="s" label="Unpin" onClick={() => void open.actions.togglePin(props.message)} />
        </Show>
      </footer>
    </li>
  );
}
