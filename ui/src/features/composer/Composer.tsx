import { createMemo, createSignal, onCleanup, Show } from "solid-js";
import { Icon } from "../../components/Icon";
import { IconButton } from "../../components/IconButton";
import { LIMITS } from "../../protocol/constants";
import type { Channel } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { newestOf } from "../../state/history";
import { loadEmoji } from "../../text/emoji/data";
import { replaceShortcodes, toWire } from "../../text/wire";
import { useOpenChannel } from "../messages/channelContext";
import { blocked } from "./blocked";
import { EmojiButton } from "./EmojiButton";
import { MessageInput } from "./MessageInput";
import { ReplyBar } from "./ReplyBar";
import { SlowMode } from "./SlowMode";
import { createTypingSignal } from "./typing";
import css from "./composer.module.css";

/** As many characters before the limit it is counted down. */
const COUNT_FROM = 300;

/** Where messages are written. What is typed is kept per channel until it is sent. */
export function Composer(props: { channel: Channel; ref: (element: HTMLTextAreaElement) => void }) {
  const snug = useSnug();
  const open = useOpenChannel();
  const [area, setArea] = createSignal<HTMLTextAreaElement>();
  const draft = () => snug.drafts.draft(props.channel.id);
  const wire = createMemo(() => toWire(draft().text.trim(), open.labels()));
  const left = createMemo(() => LIMITS.message - [...wire()].length);
  const reason = () => blocked(snug.state, props.channel);
  const typing = createTypingSignal(() => props.channel.id);

  const send = async (): Promise<void> => {
    if (wire() === "" || left() < 0) return;
    const { replyTo } = draft();
    const text = wire();
    snug.drafts.setDraft(props.channel.id, { text: "", replyTo: null });
    typing.sent();
    snug.reads.release(props.channel.id);
    // Emoji are only known where somebody looked for one; a code typed by hand is not worth waiting for.
    const content = text.includes(":") ? await withEmoji(text) : text;
    snug.outbox.add(props.channel.id, content, replyTo);
    open.toPresent();
  };
  const editLast = (): void => {
    const history = snug.state.histories[props.channel.id];
    const last = history && newestOf(history, snug.state.account?.id ?? "");
    if (last) open.actions.edit(last);
  };
  const insert = (emoji: string): void => {
    const field = area();
    if (!field) return;
    field.setRangeText(emoji, field.selectionStart, field.selectionEnd, "end");
    snug.drafts.setDraft(props.channel.id, { text: field.value });
  };
  onCleanup(() => typing.sent());

  return (
    <footer class={css.composer}>
      <Show when={reason() === undefined} fallback={<ReadOnly reason={reason() ?? ""} />}>
        <Show when={draft().replyTo}>{(id) => <ReplyBar channel={props.channel} messageId={id()} onCancel={() => (snug.drafts.setDraft(props.channel.id, { replyTo: null }), area()?.focus())} />}</Show>
        <div class={css.box} data-reply={draft().replyTo !== null || undefined}>
          <MessageInput
            label={`Message #${props.channel.name}`}
            placeholder={`Write to ${props.channel.kind === "voice" ? "" : "#"}${props.channel.name}`}
            value={draft().text}
            onInput={(text) => {
              snug.drafts.setDraft(props.channel.id, { text });
              typing.typed(text);
            }}
            onSubmit={() => void send()}
            onUp={editLast}
            onEscape={() => (draft().replyTo === null ? open.toPresent() : snug.drafts.setDraft(props.channel.id, { replyTo: null }))}
            ref={(element) => {
              setArea(element);
              props.ref(element);
            }}
          />
          <Show when={left() < COUNT_FROM}>
            <span class={css.count} data-over={left() < 0 || undefined} role="status">
              {left()}
            </span>
          </Show>
          <EmojiButton onPick={insert} onClose={() => area()?.focus()} />
          <IconButton icon="send" label="Send" keys="Enter" class={css.send} disabled={wire() === "" || left() < 0} onClick={() => void send()} />
        </div>
        <SlowMode channel={props.channel} />
      </Show>
    </footer>
  );
}

async function withEmoji(text: string): Promise<string> {
  const set = await Promise.race([loadEmoji().catch(() => undefined), new Promise<undefined>((done) => setTimeout(done, 300))]);
  return set ? replaceShortcodes(text, (code) => set.byCode.get(code)?.emoji) : text;
}

function ReadOnly(props: { reason: string }) {
  return (
    <p class={css.readOnly}>
      <Icon name="lock" size={17} />
      {props.reason}
    </p>
  );
}
