import { For, Match, Switch } from "solid-js";
import { Avatar } from "../../components/Avatar";
import { Icon } from "../../components/Icon";
import { useSnug } from "../../state/context";
import type { Item } from "./completion";
import css from "./composer.module.css";

/** What a name that is being typed may become. The focus stays in the text. */
export function CompletionList(props: { id: string; items: Item[]; chosen: number; onChoose: (at: number) => void; onHover: (at: number) => void }) {
  const { image, state } = useSnug();
  return (
    <ul class={css.completion} id={props.id} role="listbox" aria-label="Suggestions">
      <For each={props.items}>
        {(item, at) => (
          <li
            id={`${props.id}-${at()}`}
            role="option"
            aria-selected={at() === props.chosen}
            class={css.suggestion}
            // Before the field loses the focus.
            onPointerDown={(event) => (event.preventDefault(), props.onChoose(at()))}
            onPointerMove={() => props.onHover(at())}
          >
            <Switch>
              <Match when={item.look.kind === "user" && item.look}>
                {(look) => <Avatar id={look().id} name={item.label} src={image(state.users[look().id]?.avatar)} size={24} />}
              </Match>
              <Match when={item.look.kind === "icon" && item.look}>{(look) => <Icon name={look().icon} size={18} />}</Match>
              <Match when={item.look.kind === "emoji" && item.look}>{(look) => <span class={css.emoji}>{look().emoji}</span>}</Match>
            </Switch>
            <span class={css.suggested}>{item.label}</span>
            <span class={css.suggestionHint}>{item.hint}</span>
          </li>
        )}
      </For>
    </ul>
  );
}
