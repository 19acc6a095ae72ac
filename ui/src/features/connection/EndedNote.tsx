import { Show } from "solid-js";
import { Icon } from "../../components/Icon";
import type { LoggedOut } from "../../backend/gateway";
import css from "./connection.module.css";

/** Why somebody was put out, above the log-in. */
export function EndedNote(props: { why: LoggedOut | null }) {
  return (
    <Show when={props.why}>
      {(why) => (
        <div class={css.note} role="status">
          <Icon name="info" size={18} />
          <p>{why().message}</p>
        </div>
      )}
    </Show>
  );
}
