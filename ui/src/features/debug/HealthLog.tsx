import { For, Show } from "solid-js";
import { Icon } from "../../components/Icon";
import type { Note } from "../../backend/voice/reading";
import css from "./panel.module.css";

/** What happened, the newest first. */
export function HealthLog(props: { notes: readonly Note[] }) {
  return (
    <section class={css.section} id="debug-health" aria-label="Health" tabIndex={-1}>
      <h3 class={css.title}>Health</h3>
      <Show when={props.notes.length > 0} fallback={<p class={css.note}>Nothing happened.</p>}>
        <ul class={css.log}>
          <For each={props.notes.toReversed()}>
            {(note) => (
              <li class={css.entry} data-bad={note.bad || undefined}>
                <Icon name={note.bad ? "warning" : "check"} size={15} label={note.bad ? "Trouble" : "Well"} />
                <time datetime={new Date(note.at).toISOString()}>{new Date(note.at).toLocaleTimeString("en-GB")}</time>
                <span>{note.text}</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}
