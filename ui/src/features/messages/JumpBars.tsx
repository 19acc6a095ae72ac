import { Show } from "solid-js";
import { Button } from "../../components/Button";
import { Icon } from "../../components/Icon";
import { IconButton } from "../../components/IconButton";
import { shortTime } from "../../text/dates";
import css from "./messages.module.css";

/** The ways to what is new above, and back to the present below. */
export function JumpBars(props: { freshAbove: boolean; freshSince: number | null; onFresh: () => void; onRead: () => void; away: boolean; unread: number; onPresent: () => void }) {
  return (
    <>
      <Show when={props.freshAbove}>
        <div class={css.freshBar}>
          <button type="button" class={css.freshJump} onClick={() => props.onFresh()}>
            <Icon name="arrowUp" size={16} />
            {props.freshSince === null ? "New messages above" : `New since ${shortTime(props.freshSince, Date.now())}`}
          </button>
          <IconButton icon="check" size="s" label="Mark as read" placement="bottom" onClick={() => props.onRead()} />
        </div>
      </Show>
      <Show when={props.away}>
        <div class={css.presentBar}>
          <Button small icon="arrowDown" class={css.present} onClick={() => props.onPresent()}>
            {props.unread > 0 ? `${props.unread >= 100 ? "99+" : props.unread} new, jump to present` : "Jump to present"}
          </Button>
        </div>
      </Show>
    </>
  );
}
