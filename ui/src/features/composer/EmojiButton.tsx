import { createSignal, Show, Suspense } from "solid-js";
import { Icon } from "../../components/Icon";
import { part } from "../../components/part";
import { Popover } from "../../components/Popover";
import { Spinner } from "../../components/Spinner";
import { useSnug } from "../../state/context";
import css from "./composer.module.css";

const EmojiPicker = part(() => import("../emoji/EmojiPicker").then((module) => ({ default: module.EmojiPicker })));

/** Opens the emoji to choose from. */
export function EmojiButton(props: { onPick: (emoji: string) => void; onClose: () => void }) {
  const [open, setOpen] = createSignal(false);
  const show = (wanted: boolean): void => {
    setOpen(wanted);
    if (!wanted) queueMicrotask(() => props.onClose());
  };
  return (
    <Popover
      label="Emoji"
      bare
      placement="top-end"
      open={open()}
      onOpenChange={show}
      class={css.picker}
      trigger={(trigger: object) => (
        <button type="button" {...trigger} class={css.emojiButton} aria-label="Emoji">
          <Icon name="smile" size={21} />
        </button>
      )}
    >
      <Show when={open()}>
        <Emojis
          onPick={(emoji, again) => {
            props.onPick(emoji);
            if (!again) show(false);
          }}
        />
      </Show>
    </Popover>
  );
}

/** The picker, with what this person used before. */
export function Emojis(props: { onPick: (emoji: string, again: boolean) => void }) {
  const snug = useSnug();
  return (
    <Suspense fallback={<div class={css.pickerLoading}><Spinner label="Loading emoji" /></div>}>
      <EmojiPicker memory={snug.preferences.emoji} onMemory={(memory) => snug.setPreferences("emoji", memory)} onPick={props.onPick} />
    </Suspense>
  );
}
