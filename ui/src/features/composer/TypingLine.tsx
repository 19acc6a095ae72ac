import { Show } from "solid-js";
import type { Channel } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf } from "../../state/selectors";
import css from "./composer.module.css";

/** Who types. Its room is always there, so that nothing jumps. */
export function TypingLine(props: { channel: Channel }) {
  const { state } = useSnug();
  const words = () => {
    const names = Object.keys(state.typing[props.channel.id] ?? {}).map((id) => nameOf(state, id, props.channel.space_id));
    if (names.length === 0) return undefined;
    if (names.length === 1) return `${names[0]} is typing`;
    if (names.length <= 3) return `${names.slice(0, -1).join(", ")} and ${names.at(-1)} are typing`;
    return "Several people are typing";
  };
  return (
    <p class={css.typing} aria-live="polite">
      <Show when={words()}>
        <span class={css.dots} aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        {words()}
      </Show>
    </p>
  );
}
