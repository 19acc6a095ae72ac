import { Navigate, useParams } from "@solidjs/router";
import { createEffect, createMemo, onCleanup, Show, Suspense } from "solid-js";
import { part } from "../components/part";
import type { Channel, ChannelId, MessageId } from "../protocol/generated";
import { setOpenChannel } from "../state/attention";
import { useSnug } from "../state/context";
import { ChannelPage } from "../features/messages/ChannelPage";
import { spacePath } from "../paths";
import { usePageTitle } from "./title";

const VoiceStage = part(() => import("../features/voice/VoiceStage"));

/** A channel by its address. One that is not there (any more) leads back to its space. */
export function ChannelView() {
  const snug = useSnug();
  const params = useParams<{ space: string; channel: string; message?: string }>();
  const channel = () => {
    const found = snug.state.channels[params.channel];
    return found && found.kind !== "category" && found.space_id === params.space ? found : undefined;
  };
  usePageTitle(() => channel() && `${channel()!.kind === "voice" ? "" : "#"}${channel()!.name}`);
  createEffect(() => {
    const open = channel();
    setOpenChannel(open?.id ?? null);
    if (!open) return;
    snug.setPreferences("lastSpace", open.space_id);
    snug.setPreferences("lastChannel", open.space_id, open.id);
  });
  onCleanup(() => setOpenChannel(null));
  return (
    <Show when={channel()?.id} keyed fallback={<Navigate href={snug.state.spaces[params.space] ? spacePath(params.space) : "/home"} />}>
      {(id) => <Kept id={id} target={params.message} />}
    </Show>
  );
}

/** A channel that is being left is still asked for its name and place. */
function Kept(props: { id: ChannelId; target: MessageId | undefined }) {
  const snug = useSnug();
  const channel = createMemo((last: Channel) => snug.state.channels[props.id] ?? last, snug.state.channels[props.id]!);
  return (
    <Show when={channel().kind === "voice"} fallback={<ChannelPage channel={channel()} target={props.target} />}>
      <ChannelPage channel={channel()} target={props.target} stage={<Suspense fallback={<span />}><VoiceStage channel={channel()} /></Suspense>} />
    </Show>
  );
}
