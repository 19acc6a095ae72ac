import { For } from "solid-js";
import { Section } from "../../components/Section";
import type { ShortcutToggle } from "../../protocol/desktop";
import type { GlobalKeys } from "../../state/globalKeys";
import css from "./global.module.css";

const TOGGLES: { what: ShortcutToggle; label: string }[] = [
  { what: "mute", label: "Mute" },
  { what: "deafen", label: "Deafen" },
];

const times = (count: number): string => (count === 0 ? "not pressed yet" : count === 1 ? "pressed once" : `pressed ${count} times`);

/** Shows what comes of keys, as it comes. */
export function KeyTest(props: { keys: GlobalKeys }) {
  return (
    <Section title="Try it" hint="Click into another program, and press the keys there.">
      <div class={css.test}>
        <p class={css.lamp} data-on={props.keys.talking() || undefined} role="status">
          <i class={css.bulb} />
          {props.keys.talking() ? "The key for talking is down." : "The key for talking is up."}
        </p>
        <For each={TOGGLES}>
          {(toggle) => (
            <p class={css.count}>
              {toggle.label}: {times(props.keys.count(toggle.what))}
            </p>
          )}
        </For>
      </div>
    </Section>
  );
}
