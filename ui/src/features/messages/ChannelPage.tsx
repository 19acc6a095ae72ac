import { createEffect, createSignal, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { FloatingCard } from "../../components/FloatingCard";
import type { Channel, Message, MessageId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { useLayout } from "../../state/layout";
import { Composer } from "../composer/Composer";
import { Emojis } from "../composer/EmojiButton";
import { TypingLine } from "../composer/TypingLine";
import { MemberList } from "../members/MemberList";
import { createMessageActions } from "./actions";
import { type OpenChannel, OpenChannelContext } from "./channelContext";
import { ChannelHead } from "./ChannelHead";
import { createLabels } from "./labels";
import { type ListHandle, MessageList } from "./MessageList";
import { PinsPanel } from "./PinsPanel";
import { SidePanel } from "./SidePanel";
import { createMessageKeys } from "./keys";
import css from "./page.module.css";

/** An open channel: its messages, where to write, and a panel beside them. `stage` is what the messages stand beside. */
export function ChannelPage(props: { channel: Channel; target: MessageId | undefined; stage?: JSX.Element }) {
  const snug = useSnug();
  const layout = useLayout();
  const [list, setList] = createSignal<ListHandle>();
  const [reacting, setReacting] = createSignal<{ message: Message; anchor: HTMLElement } | null>(null);
  let composer: HTMLTextAreaElement | undefined;

  const channel = () => props.channel;
  const labels = createLabels(() => props.channel.space_id);
  const focusComposer = () => {
    // On a phone this would open the keyboard over what one came to read.
    if (!layout.narrow()) composer?.focus({ preventScroll: true });
  };
  const open: OpenChannel = {
    channel,
    labels,
    actions: createMessageActions(snug, channel, labels),
    jump: (id) => {
      if (layout.noSide()) layout.closeDrawer();
      list()?.jump(id);
    },
    toPresent: () => list()?.toPresent(),
    pickReaction: (message, anchor) => setReacting({ message, anchor }),
    reactingTo: () => reacting()?.message.id ?? null,
    focusComposer,
  };
  createEffect(on(() => snug.drafts.draft(props.channel.id).replyTo, (reply) => reply !== null && composer?.focus({ preventScroll: true }), { defer: true }));
  onMount(focusComposer);
  const keys = createMessageKeys(open);
  // Typing anywhere writes into the composer.
  const type = (event: KeyboardEvent) => {
    const focused = document.activeElement;
    const free = focused === document.body || (focused?.closest("[data-list]") && !focused.matches("input, textarea, button"));
    if (free && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== " " && !event.defaultPrevented) composer?.focus({ preventScroll: true });
  };
  addEventListener("keydown", type);
  onCleanup(() => removeEventListener("keydown", type));

  return (
    <OpenChannelContext.Provider value={open}>
      <div class={css.page}>
        <main class={css.main} aria-label={props.channel.name}>
          <ChannelHead channel={props.channel} />
          <div class={css.body}>
            {props.stage}
            <div class={css.chat} data-beside={props.stage !== undefined || undefined}>
              <div class={css.list} data-list="" onKeyDown={keys}>
                <MessageList channel={props.channel} target={props.target} ref={setList} />
              </div>
              <TypingLine channel={props.channel} />
              <Composer channel={props.channel} ref={(element) => (composer = element)} />
            </div>
          </div>
        </main>
        <Show when={layout.sideOpen()}>
          <SidePanel title={layout.side() === "pins" ? "Pinned messages" : "Members"} drawer={layout.noSide()} onClose={() => layout.toggleSide(layout.side())}>
            <Show when={layout.side() === "pins"} fallback={<MemberList spaceId={props.channel.space_id} channelId={props.channel.id} />}>
              <PinsPanel channel={props.channel} />
            </Show>
          </SidePanel>
        </Show>
      </div>
      <FloatingCard focusFirst anchor={reacting()?.anchor ?? null} label="Add reaction" placement="left-start" class={css.picker} onClose={() => setReacting(null)}>
        <Emojis
          onPick={(emoji, again) => {
            const now = reacting()?.message;
            if (now) open.actions.toggleReaction(snug.state.histories[now.channel_id]?.messages[now.id] ?? now, emoji);
            if (!again) setReacting(null);
          }}
        />
      </FloatingCard>
    </OpenChannelContext.Provider>
  );
}
