import { createSignal, onCleanup, Show } from "solid-js";
import { absurd } from "../../absurd";
import { Button } from "../../components/Button";
import { Icon } from "../../components/Icon";
import { useSnug } from "../../state/context";
import { nameOf } from "../../state/selectors";
import type { Outgoing } from "../../state/outbox";
import { duration } from "../../text/dates";
import { Markdown } from "../../text/Markdown";
import { AuthorAvatar, AuthorLine } from "./MessageRow";
import { useOpenChannel } from "./channelContext";
import css from "./messages.module.css";

/** A message on its way: pale until the server has it, and with what to do if it is refused. */
export function OutgoingRow(props: { entry: Outgoing; head: boolean }) {
  const snug = useSnug();
  const open = useOpenChannel();
  const me = () => snug.state.account?.id ?? "";
  const name = () => nameOf(snug.state, me(), open.channel().space_id);
  const failed = () => (props.entry.status.at === "failed" ? props.entry.status : null);
  return (
    <article class={css.message} data-outgoing={props.entry.status.at} data-head={props.head || undefined} aria-label={`${name()}, not sent yet`}>
      <Show when={props.head} fallback={<span class={css.aside} />}>
        <AuthorAvatar userId={me()} name={name()} />
      </Show>
      <div class={css.body}>
        <Show when={props.head}>
          <AuthorLine userId={me()} name={name()} at={props.entry.queuedAt} />
        </Show>
        <Markdown text={props.entry.content} />
        <Show when={failed()} fallback={<Progress entry={props.entry} />}>
          {(status) => (
            <div class={css.failed} role="alert">
              <Icon name="warning" size={16} />
              <span>
                Not sent. {status().message} {status().hint}
              </span>
              <Button small onClick={() => snug.outbox.retry(props.entry.nonce)}>
                Try again
              </Button>
              <Button small kind="quiet-danger" onClick={() => snug.outbox.discard(props.entry.nonce)}>
                Delete
              </Button>
            </div>
          )}
        </Show>
      </div>
    </article>
  );
}

/** Says why it waits, once it has waited long enough to wonder. */
function Progress(props: { entry: Outgoing }) {
  const snug = useSnug();
  const [now, setNow] = createSignal(snug.now());
  const tick = setInterval(() => setNow(snug.now()), 500);
  onCleanup(() => clearInterval(tick));
  const words = (): string => {
    const { status } = props.entry;
    if (snug.phase().at !== "ready") return "Waits for the connection";
    switch (status.at) {
      case "queued":
      case "sending":
        return "Sending…";
      case "held":
        return status.why === "asked" ? `Is sent in ${duration(status.until - now())}` : "Waits for the server";
      case "failed":
        return "";
      default:
        return absurd(status);
    }
  };
  return (
    <Show when={now() - props.entry.queuedAt > 1_000}>
      <p class={css.progress}>
        <Icon name="clock" size={14} /> {words()}
      </p>
    </Show>
  );
}
