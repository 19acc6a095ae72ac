import { For, Show, type JSX } from "solid-js";
import type { Section } from "./EmojiGrid";
import styles from "./EmojiPicker.module.css";
import { GROUP_ICONS, GroupIcon } from "./icons";

/** A button for each group that has something in it. */
export function GroupTabs(props: { sections: readonly Section[]; current: number; onChoose: (group: number) => void }): JSX.Element {
  return (
    <nav class={styles["tabs"]} aria-label="Groups of emoji">
      <For each={props.sections}>
        {(section, group) => (
          <Show when={section.emoji.length > 0}>
            <button
              type="button"
              class={styles["tab"]}
              title={section.name}
              aria-label={section.name}
              aria-current={props.current === group() ? "true" : undefined}
              onClick={() => props.onChoose(group())}
            >
              <GroupIcon path={GROUP_ICONS[group()] ?? ""} />
            </button>
          </Show>
        )}
      </For>
    </nav>
  );
}
