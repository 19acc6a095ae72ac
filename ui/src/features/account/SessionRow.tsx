import { Show } from "solid-js";
import { createAction } from "../../components/action";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { Icon } from "../../components/Icon";
import { Row } from "../../components/Section";
import type { Session } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { fullTime, relativeTime } from "../../text/dates";
import { deviceOf } from "./device";
import css from "./SessionRow.module.css";

/** One log-in: what on, from where, how long ago; others can be ended. */
export function SessionRow(props: { session: Session; onEnded: () => void }) {
  const { api, now } = useSnug();
  const device = () => deviceOf(props.session.device);
  const end = createAction(async () => {
    await api.me.endSession(props.session.id);
    props.onEnded();
  });
  return (
    <Row
      start={
        <span class={css.icon}>
          <Icon name={device().icon} />
        </span>
      }
      title={
        <>
          <span title={props.session.device}>{device().name}</span>
          <Show when={props.session.current}>
            <Badge quiet>This one</Badge>
          </Show>
          <Show when={props.session.connected}>
            <Badge good>Connected</Badge>
          </Show>
        </>
      }
      hint={
        <>
          {props.session.address || "Unknown address"}, last used <time title={fullTime(props.session.last_used_at)}>{relativeTime(props.session.last_used_at, now())}</time>, logged in{" "}
          <time title={fullTime(props.session.created_at)}>{relativeTime(props.session.created_at, now())}</time>
          <ErrorNote error={end.error()} />
        </>
      }
    >
      <Show when={!props.session.current}>
        <Button small kind="quiet-danger" busy={end.busy()} onClick={() => void end.run()} aria-label={`End the session on ${device().name}`}>
          End
        </Button>
      </Show>
    </Row>
  );
}
