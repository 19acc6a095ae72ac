import { createSignal, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { Menu } from "../../components/Menu";
import { Row } from "../../components/Section";
import { toast } from "../../components/Toast";
import type { AdminUser } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { fullTime, relativeTime } from "../../text/dates";
import { onDay } from "../settings/when";
import { NewPasswordDialog } from "./NewPasswordDialog";
import css from "./PersonRow.module.css";
import { createPersonActions } from "./personActions";

/** An account, with what an administrator can do about it. */
export function PersonRow(props: { person: AdminUser; onChanged: (person: AdminUser) => void; onGone: () => void; onAnswered: () => void }) {
  const { api, image, state, now } = useSnug();
  const [password, setPassword] = createSignal<string>();
  const name = () => props.person.user.display_name;
  const actions = createPersonActions(api, {
    person: () => props.person,
    self: () => props.person.user.id === state.account?.id,
    /** Only the owner makes and unmakes administrators. */
    owner: () => state.account?.owner ?? false,
    changed: (person) => props.onChanged(person),
    gone: () => props.onGone(),
    password: setPassword,
  });
  const answer = createAction(async (approve: boolean) => {
    await api.admin.answerKnock(props.person.user.id, { approve });
    toast(approve ? { text: `${name()} is in.`, kind: "good" } : { text: `${name()} was turned away.` });
    props.onAnswered();
  });

  return (
    <Row
      roomy={props.person.state === "waiting"}
      start={<Avatar id={props.person.user.id} name={name()} src={image(props.person.user.avatar)} size={40} />}
      title={
        <>
          {name()}
          <span class={css.username}>@{props.person.user.username}</span>
          <Show when={props.person.owner}>
            <Badge>Owner</Badge>
          </Show>
          <Show when={props.person.admin && !props.person.owner}>
            <Badge quiet>Administrator</Badge>
          </Show>
          <Show when={props.person.state === "suspended"}>
            <Badge bad>Suspended</Badge>
          </Show>
          <Show when={props.person.state === "waiting"}>
            <Badge warn>Knocking</Badge>
          </Show>
        </>
      }
      hint={
        <>
          <Show when={props.person.knock}>{(words) => <q class={css.knock}>{words()}</q>}</Show>
          {props.person.state === "waiting" ? "Asked " : "Here since "}
          <time title={fullTime(props.person.created_at)}>{props.person.state === "waiting" ? relativeTime(props.person.created_at, now()) : onDay(props.person.created_at)}</time>
          <Show when={props.person.state !== "waiting"}>
            {props.person.last_seen_at === null ? ", never logged in" : `, last seen ${relativeTime(props.person.last_seen_at, now())}`}
          </Show>
          <ErrorNote error={answer.error() ?? actions.error()} />
        </>
      }
    >
      <Show
        when={props.person.state === "waiting"}
        fallback={
          <Show when={actions.entries().length > 0}>
            <Menu label={`What to do with ${name()}`} items={actions.entries()} />
          </Show>
        }
      >
        <Button small kind="quiet-danger" disabled={answer.busy()} onClick={() => void answer.run(false)} aria-label={`Turn away ${name()}`}>
          Turn away
        </Button>
        <Button small kind="primary" busy={answer.busy()} onClick={() => void answer.run(true)} aria-label={`Let in ${name()}`}>
          Let in
        </Button>
      </Show>
      <Show when={password()}>{(value) => <NewPasswordDialog name={name()} password={value()} onClose={() => setPassword(undefined)} />}</Show>
    </Row>
  );
}
