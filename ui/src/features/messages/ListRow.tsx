import { createMemo, Show } from "solid-js";
import { Icon } from "../../components/Icon";
import type { Channel } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { createdAt } from "../../state/ids";
import { dayHeading } from "../../text/dates";
import { Markdown } from "../../text/Markdown";
import { iconOf } from "../channels/icon";
import { MessageRow } from "./MessageRow";
import { OutgoingRow } from "./OutgoingRow";
import { nonceOf, type Row } from "./rows";
import css from "./messages.module.css";

/** One row of the list: a message, with the lines that stand above it. */
export function ListRow(props: { key_: string; row: Row | undefined; first: boolean; channel: Channel; lit: boolean }) {
  const snug = useSnug();
  const message = () => snug.state.histories[props.channel.id]?.messages[props.key_];
  const outgoing = () => snug.outbox.entries.find((entry) => entry.nonce === nonceOf(props.key_));
  const at = () => (message() ? createdAt(props.key_) : (outgoing()?.queuedAt ?? 0));
  const head = createMemo(() => props.row?.head ?? true);
  return (
    <>
      <Show when={props.first}>
        <Start channel={props.channel} />
      </Show>
      <Show when={props.row?.day}>
        <h3 class={css.day}>{dayHeading(at(), snug.now())}</h3>
      </Show>
      <Show when={props.row?.fresh && !props.first}>
        <h3 class={css.fresh}>New since you left</h3>
      </Show>
      <Show when={message()} fallback={<Show when={outgoing()}>{(entry) => <OutgoingRow entry={entry()} head={head()} />}</Show>}>
        {(present) => <MessageRow message={present()} head={head()} highlighted={props.lit} />}
      </Show>
    </>
  );
}

/** Above the first message there ever was. */
function Start(props: { channel: Channel }) {
  return (
    <header class={css.start}>
      <span class={css.startIcon}>
        <Icon name={iconOf(props.channel)} size={28} />
      </span>
      <h2>{props.channel.name}</h2>
      <Markdown text={props.channel.topic || (props.channel.kind === "voice" ? "Messages for those who talk here, and for those who listen." : "This is where it begins. Say something.")} />
    </header>
  );
}
ListRow.Start = Start;
