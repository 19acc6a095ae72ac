import { For, Show } from "solid-js";
import { CopyCode } from "../../components/CopyCode";
import { Note } from "../../components/Note";
import { Section } from "../../components/Section";
import type { WayStanding } from "../../protocol/desktop";
import { quoted, standingHelp } from "./words";
import css from "./global.module.css";

const COMMANDS: { word: string; when: string }[] = [
  { word: "press", when: "When the key for talking goes down" },
  { word: "release", when: "When it comes up" },
  { word: "toggle-mute", when: "To mute yourself, or not" },
  { word: "toggle-deafen", when: "To deafen yourself, or not" },
];

/** Commands for desktops that give keys to commands. */
export function CommandList(props: { command: string; standing: WayStanding | undefined }) {
  return (
    <Section title="Commands for your desktop" hint="Sway, Hyprland, niri and others run a command when a key is pressed. Give them these, and choose the keys there.">
      <Show when={props.standing?.at === "failed" && props.standing}>{(standing) => <Note warn>{standingHelp("socket", standing())}</Note>}</Show>
      <div class={css.commands}>
        <For each={COMMANDS}>
          {(one) => (
            <div class={css.command}>
              <span>{one.when}</span>
              <CopyCode label={one.when} code={`${quoted(props.command)} ${one.word}`} />
            </div>
          )}
        </For>
      </div>
    </Section>
  );
}
