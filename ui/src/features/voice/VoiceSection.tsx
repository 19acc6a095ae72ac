import { createSignal, Show } from "solid-js";
import { Button } from "../../components/Button";
import { Icon } from "../../components/Icon";
import { Slider } from "../../components/Slider";
import { Switch } from "../../components/Switch";
import type { ChannelId, UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { LOUDEST } from "../../state/preferences";
import { ConnectionPanel } from "./ConnectionPanel";
import { silence, voicePowers } from "./powers";
import css from "./section.module.css";

/** The part of somebody's card that is about voice: how loud they are here, and what a moderator may do. */
export default function VoiceSection(props: { userId: UserId; channelId: ChannelId }) {
  const snug = useSnug();
  const [details, setDetails] = createSignal(false);
  const channel = () => snug.state.channels[props.channelId];
  const space = () => channel()?.space_id ?? "";
  const member = () => snug.state.members[space()]?.[props.userId];
  const self = () => props.userId === snug.state.account?.id;
  const volume = () => snug.voice.volumeOf(props.userId);
  const powers = () => voicePowers(snug.state, space(), props.userId);
  const together = () => snug.voice.call().at === "connected" && snug.voice.channel() === props.channelId;
  return (
    <div class={css.section}>
      <p class={css.place}>
        <Icon name="speaker" size={16} />
        In {channel()?.name}
      </p>
      <Show when={!self()}>
        <Slider label="Volume" min={0} max={LOUDEST} step={0.05} value={volume().volume} words={`${Math.round(volume().volume * 100)} %`} disabled={volume().muted} onInput={(value) => snug.voice.setVolume(props.userId, { volume: value })} />
        <Switch label="Mute for me" checked={volume().muted} onChange={(muted) => snug.voice.setVolume(props.userId, { muted })} />
      </Show>
      <Show when={powers().mute}>
        <Switch label="Mute for everyone" checked={member()?.muted ?? false} onChange={(muted) => silence(snug, space(), props.userId, { muted })} />
      </Show>
      <Show when={powers().deafen}>
        <Switch label="Deafen" checked={member()?.deafened ?? false} onChange={(deafened) => silence(snug, space(), props.userId, { deafened })} />
      </Show>
      <Show when={together()}>
        <Show when={details()} fallback={<Button small kind="quiet" icon="signal" onClick={() => setDetails(true)}>Connection</Button>}>
          <ConnectionPanel userId={props.userId} />
        </Show>
      </Show>
    </div>
  );
}
