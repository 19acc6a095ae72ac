import { createMemo, For, Match, Show, Switch } from "solid-js";
import { Avatar } from "../../components/Avatar";
import { Button } from "../../components/Button";
import { ContextMenu } from "../../components/ContextMenu";
import { EmptyState } from "../../components/EmptyState";
import type { Channel, UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { colorOf, nameOf } from "../../state/selectors";
import { peopleIn, presenceOf } from "../../state/voice/people";
import { memberMenu } from "../members/memberMenu";
import { useProfile } from "../members/ProfileProvider";
import { IconButton } from "../../components/IconButton";
import { useLayout } from "../../state/layout";
import { VoiceControls } from "./VoiceControls";
import { closedTo } from "./powers";
import { VoiceMarks } from "./VoiceMarks";
import css from "./stage.module.css";

/** A voice channel's own view: who is in it, and the way in. */
export default function VoiceStage(props: { channel: Channel }) {
  const { state, voice } = useSnug();
  const people = createMemo(() => peopleIn(state, props.channel.id), undefined, { equals: (a, b) => a.length === b.length && a.every((id, at) => id === b[at]) });
  const here = () => voice.channel() === props.channel.id;
  const elsewhere = () => !here() && state.voiceStates[state.account?.id ?? ""]?.channel_id === props.channel.id;
  const layout = useLayout();
  const join = () => voice.join(props.channel.id);
  return (
    <section class={css.stage} aria-label={`Voice in ${props.channel.name}`}>
      <Show
        when={people().length > 0}
        fallback={
          <EmptyState icon="speaker" title="Nobody is here yet">
            {closedTo(state, props.channel) === null ? "Come in, and the others see that you are here." : "You may read here, but not come in."}
          </EmptyState>
        }
      >
        <ul class={css.tiles} data-many={people().length > 6 || undefined} aria-label="People in voice">
          <For each={people()}>{(id) => <Tile userId={id} channel={props.channel} />}</For>
        </ul>
      </Show>
      <Show when={here() && layout.narrow()}>
        <div class={css.controls}>
          <VoiceControls wide />
          <IconButton icon="leave" danger label="Leave voice" onClick={() => voice.leave()} />
        </div>
      </Show>
      <Show when={!here()}>
        <div class={css.door}>
          <Switch
            fallback={
              <Button kind="primary" icon="speaker" onClick={join}>
                Join {props.channel.name}
              </Button>
            }
          >
            <Match when={elsewhere()}>
              <p>You are in here on another device.</p>
              <Button kind="primary" icon="speaker" onClick={join}>
                Take it to this one
              </Button>
            </Match>
            <Match when={closedTo(state, props.channel) === "full"}>
              <p>It is full: {props.channel.user_limit} people fit in.</p>
            </Match>
            <Match when={closedTo(state, props.channel) === "forbidden"}>
              <p>You may not come in. Whoever manages the space can let you.</p>
            </Match>
          </Switch>
        </div>
      </Show>
    </section>
  );
}

function Tile(props: { userId: UserId; channel: Channel }) {
  const snug = useSnug();
  const profile = useProfile();
  const space = () => props.channel.space_id;
  const name = () => nameOf(snug.state, props.userId, space());
  const presence = () => presenceOf(snug.state, props.channel.id, props.userId);
  const avatar = () => snug.state.users[props.userId]?.avatar;
  return (
    <ContextMenu as="li" items={() => memberMenu(snug, props.userId, space())} label={`${name()}: menu`}>
      <button type="button" class={css.tile} data-speaking={presence().speaking || undefined} onClick={(event) => profile.open(props.userId, event.currentTarget)}>
        <Avatar id={props.userId} name={name()} src={snug.image(avatar())} size={72} speaking={presence().speaking} />
        <span class={css.label}>
          <span class={css.name} style={{ color: colorOf(snug.state, space(), props.userId) ?? undefined }}>
            {name()}
          </span>
          <VoiceMarks presence={presence()} size={16} />
        </span>
      </button>
    </ContextMenu>
  );
}
