import { type JSX, Show } from "solid-js";
import { Button } from "../../components/Button";
import { Icon } from "../../components/Icon";
import type { Words } from "./words";
import css from "./bar.module.css";

/** Something that is not well with voice, what helps, and a button that tries it again. */
export function VoiceNote(props: { words: Words; onAgain: () => void; children?: JSX.Element }) {
  return (
    <div class={css.note} role="status">
      <Icon name="warning" size={17} />
      <div class={css.noteWords}>
        <p>{props.words.text}</p>
        <Show when={props.words.help}>
          <p class={css.help}>{props.words.help}</p>
        </Show>
        <Show when={props.words.again || props.children}>
          <div class={css.noteButtons}>
            <Show when={props.words.again}>
              {(label) => (
                <Button small onClick={() => props.onAgain()}>
                  {label()}
                </Button>
              )}
            </Show>
            {props.children}
          </div>
        </Show>
      </div>
    </div>
  );
}
