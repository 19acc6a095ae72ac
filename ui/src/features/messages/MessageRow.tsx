import { createMemo, createSignal, Show } from "solid-js";
import { Avatar } from "../../components/Avatar";
import type { Message, UserId } from "../../protocol/generated";
import { mentionsMe } from "../../state/apply-message";
import { useSnug } from "../../state/context";
import { createdAt } from "../../state/ids";
import { colorOf, nameOf } from "../../state/selectors";
import { fullTime, timeOf } from "../../text/dates";
import { Markdown } from "../../text/Markdown";
import { useProfile } from "../members/ProfileProvider";
import { useOpenChannel } from "./channelContext";
import { EditBox } from "./EditBox";
import { Reactions } from "./Reactions";
import { ReplyLine } from "./ReplyLine";
import { Toolbar } from "./Toolbar";
import css from "./messages.module.css";

/** One message that the server has. */
export function MessageRow(props: { message: Message; head: boolean; highlighted: boolean }) {
  const snug = useSnug();
  const open = useOpenChannel();
  const [near, setNear] = createSignal(false);
  const [held, setHeld] = createSignal(false);
  // What was opened from the toolbar stands beside it.
  const active = () => near() || held() || open.reactingTo() === props.message.id;
  const editing = createMemo(() => snug.drafts.edit(props.message.channel_id)?.messageId === props.message.id);
  const at = () => createdAt(props.message.id);
  const name = () => nameOf(snug.state, props.message.author_id, open.channel().space_id);
  return (
    <article
      class={css.message}
      data-message={props.message.id}
      data-head={props.head || undefined}
      data-mention={mentionsMe(snug.state, props.message) || undefined}
      data-lit={props.highlighted || undefined}
      data-near={active() || undefined}
      aria-label={`${name()}, ${fullTime(at())}`}
      tabIndex={-1}
      onMouseEnter={() => setNear(true)}
      onMouseLeave={() => setNear(false)}
      onFocusIn={() => setNear(true)}
      onFocusOut={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setNear(false)}
    >
      <Show when={props.message.reply_to}>{(reply) => <ReplyLine reply={reply()} />}</Show>
      <Show
        when={props.head}
        fallback={
          <time class={css.aside} dateTime={new Date(at()).toISOString()} title={fullTime(at())}>
            {timeOf(at())}
          </time>
        }
      >
        <AuthorAvatar userId={props.message.author_id} name={name()} />
      </Show>
      <div class={css.body}>
        <Show when={props.head}>
          <AuthorLine userId={props.message.author_id} name={name()} at={at()} />
        </Show>
        <Show when={!editing()} fallback={<EditBox message={props.message} />}>
          <Markdown
            text={props.message.content}
            tail={
              <Show when={props.message.edited_at}>
                {(edited) => (
                  <span class={css.edited} title={fullTime(edited())}>
                    {" "}
                    (edited)
                  </span>
                )}
              </Show>
            }
          />
        </Show>
        <Show when={props.message.reactions.length > 0}>
          <Reactions message={props.message} />
        </Show>
      </div>
      <Show when={active() && !editing()}>
        <Toolbar message={props.message} onHold={setHeld} />
      </Show>
    </article>
  );
}

export function AuthorAvatar(props: { userId: UserId; name: string }) {
  const { image, state } = useSnug();
  const profile = useProfile();
  const picture = () => state.users[props.userId]?.avatar;
  return (
    <button type="button" class={css.avatar} aria-label={`Profile of ${props.name}`} tabIndex={-1} onClick={(event) => profile.open(props.userId, event.currentTarget)}>
      <Avatar id={props.userId} name={props.name} src={image(picture())} size={40} />
    </button>
  );
}

export function AuthorLine(props: { userId: UserId; name: string; at: number }) {
  const { state } = useSnug();
  const open = useOpenChannel();
  const profile = useProfile();
  return (
    <header class={css.who}>
      <button type="button" class={css.author} style={{ color: colorOf(state, open.channel().space_id, props.userId) ?? undefined }} onClick={(event) => profile.open(props.userId, event.currentTarget)}>
        {props.name}
      </button>
      <time class={css.time} dateTime={new Date(props.at).toISOString()} title={fullTime(props.at)}>
        {timeOf(props.at)}
      </time>
    </header>
  );
}
