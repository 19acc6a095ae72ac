import { createMemo, For, Show } from "solid-js";
import { Avatar } from "../../components/Avatar";
import { ContextMenu } from "../../components/ContextMenu";
import { Icon } from "../../components/Icon";
import type { Channel, UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf } from "../../state/selectors";
import { peopleIn, presenceOf } from "../../state/voice/people";
import { memberMenu } from "../members/memberMenu";
import { useProfile } from "../members/ProfileProvider";
import { dragPerson } from "./drag";
import { VoiceMarks } from "./VoiceMarks";
import css from "./people.module.css";

/** Who is in a voice channel, under it in the list. */
export function VoicePeople(props: { channel: Channel }) {
  const { state } = useSnug();
  const people = createMemo(() => peopleIn(state, props.channel.id), undefined, { equals: (a, b) => a.length === b.length && a.every((id, at) => id === b[at]) });
  return (
    <Show when={people().length > 0}>
      <li>
        <ul class={css.people} aria-label={`In ${props.channel.name}`}>
          <For each={people()}>{(id) => <Person userId={id} channel={props.channel} />}</For>
        </ul>
      </li>
    </Show>
  );
}

function Person(props: { userId: UserId; channel: Channel }) {
  const snug = useSnug();
  const profile = useProfile();
  const space = () => props.channel.space_id;
  const name = () => nameOf(snug.state, props.userId, space());
  const presence = () => presenceOf(snug.state, props.channel.id, props.userId);
  const avatar = () => snug.state.users[props.userId]?.avatar;
  return (
    <ContextMenu as="li" items={() => memberMenu(snug, props.userId, space())} label={`${name()}: menu`}>
      <button type="button" class={css.person} data-speaking={presence().speaking || undefined} data-person={props.userId} onClick={(event) => profile.open(props.userId, event.currentTarget)} {...dragPerson(snug, space(), () => props.userId)}>
        <Avatar id={props.userId} name={name()} src={snug.image(avatar())} size={22} speaking={presence().speaking} />
        <span class={css.name}>{name()}</span>
        <Show when={snug.voice.volumeOf(props.userId).muted}>
          <Icon name="speakerOff" size={15} label="Muted for you" />
        </Show>
        <VoiceMarks presence={presence()} size={15} />
      </button>
    </ContextMenu>
  );
}
