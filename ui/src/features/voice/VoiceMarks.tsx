import { Match, Switch } from "solid-js";
import { Icon } from "../../components/Icon";
import type { Presence } from "../../state/voice/people";
import css from "./people.module.css";

/** Whether somebody speaks or hears at all. What a moderator did stands out. */
export function VoiceMarks(props: { presence: Presence; size: number }) {
  return (
    <span class={css.marks}>
      <Switch>
        <Match when={props.presence.serverMuted}>
          <Icon name="micOff" size={props.size} label="Muted by a moderator" class={css.byModerator} />
        </Match>
        <Match when={props.presence.muted}>
          <Icon name="micOff" size={props.size} label="Muted" />
        </Match>
      </Switch>
      <Switch>
        <Match when={props.presence.serverDeafened}>
          <Icon name="headphonesOff" size={props.size} label="Deafened by a moderator" class={css.byModerator} />
        </Match>
        <Match when={props.presence.deafened}>
          <Icon name="headphonesOff" size={props.size} label="Deafened" />
        </Match>
      </Switch>
    </span>
  );
}
