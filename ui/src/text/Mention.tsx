import { Show, type JSX } from "solid-js";
import { useMentions, type Named } from "./context";
import styles from "./Markdown.module.css";
import { UNKNOWN } from "./plain";

type Kind = "user" | "role" | "channel";

/**
 * A person, a role or a channel by name. A button where something happens when it is chosen; not the element of that
 * name, for it would part from the comma that follows, and could not break across lines.
 */
export function Mention(props: { kind: Kind; id: string; quiet: boolean }): JSX.Element {
  const mentions = useMentions();
  const known = (): Named | undefined => {
    switch (props.kind) {
      case "user":
        return mentions.resolveUser(props.id);
      case "role":
        return mentions.resolveRole(props.id);
      case "channel":
        return mentions.resolveChannel(props.id);
    }
  };
  const choose = () => {
    switch (props.kind) {
      case "user":
        return mentions.onUser;
      case "role":
        return mentions.onRole;
      case "channel":
        return mentions.onChannel;
    }
  };
  const act = (anchor: HTMLElement) => choose()?.call(mentions, props.id, anchor);
  const label = () => `${props.kind === "channel" ? "#" : "@"}${known()?.name ?? UNKNOWN[props.kind]}`;
  const me = () => props.kind !== "channel" && mentions.isMe?.(props.kind, props.id) === true;
  const tint = () => (props.kind === "role" ? known()?.color : undefined);
  const look = () => ({ [styles["mention"]!]: true, [styles["me"]!]: me(), [styles["unknown"]!]: known() === undefined, [styles["tinted"]!]: tint() !== undefined });
  const color = () => (tint() === undefined ? {} : { "--mention-color": tint() });
  return (
    <Show
      when={!props.quiet && known() !== undefined && choose()}
      fallback={
        <span classList={look()} style={color()}>
          {label()}
        </span>
      }
    >
      <span
        role={props.kind === "channel" ? "link" : "button"}
        tabindex="0"
        classList={look()}
        style={color()}
        onClick={(event) => act(event.currentTarget)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          act(event.currentTarget);
        }}
      >
        {label()}
      </span>
    </Show>
  );
}
