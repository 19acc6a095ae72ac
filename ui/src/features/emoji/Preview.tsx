import { createUniqueId, For, Show, type JSX } from "solid-js";
import type { Emoji } from "../../text/emoji/data";
import { TONES, withTone, type Tone } from "../../text/emoji/tone";
import styles from "./EmojiPicker.module.css";

/** What would be chosen, and the choice of skin tones. */
export function Preview(props: { emoji: Emoji | undefined; toned: (emoji: Emoji) => string; tone: number; onTone: (tone: Tone) => void }): JSX.Element {
  const name = createUniqueId();
  return (
    <div class={styles["bottom"]}>
      <Show when={props.emoji} fallback={<span class={styles["what"]} />}>
        {(emoji) => (
          <span class={styles["what"]} aria-hidden="true">
            <span class={styles["large"]}>{props.toned(emoji())}</span>
            <span class={styles["names"]}>
              <span class={styles["name"]}>{emoji().name}</span>
              <span class={styles["code"]}>:{emoji().codes[0]}:</span>
            </span>
          </span>
        )}
      </Show>
      <div class={styles["tones"]} role="radiogroup" aria-label="Skin tone">
        <For each={TONES}>
          {({ tone, name: title }) => (
            <label class={styles["tone"]} title={title}>
              <input type="radio" name={name} aria-label={title} checked={props.tone === tone} onChange={() => props.onTone(tone)} />
              <span aria-hidden="true">{withTone("✋", tone)}</span>
            </label>
          )}
        </For>
      </div>
    </div>
  );
}
