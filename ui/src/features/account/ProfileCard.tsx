import { Show } from "solid-js";
import { Avatar } from "../../components/Avatar";
import type { ChosenStatus, Status } from "../../protocol/generated";
import css from "./ProfileCard.module.css";

/** Somebody as a card: picture, names, status, and what they say about themselves. */
export function ProfileCard(props: {
  id: string;
  name: string;
  username: string;
  src: string | undefined;
  status: ChosenStatus | Status;
  statusText: string;
  bio: string;
}) {
  const seen = (): Status => (props.status === "invisible" ? "offline" : props.status);
  return (
    <div class={css.card}>
      <Avatar id={props.id} name={props.name} src={props.src} size={64} status={seen()} />
      <div class={css.words}>
        <p class={css.name}>{props.name}</p>
        <p class={css.username}>@{props.username}</p>
        <Show when={props.statusText && seen() !== "offline"}>
          <p class={css.status}>{props.statusText}</p>
        </Show>
        <Show when={props.bio}>
          <p class={css.bio}>{props.bio}</p>
        </Show>
      </div>
    </div>
  );
}
