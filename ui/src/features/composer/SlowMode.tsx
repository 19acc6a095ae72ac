import { createSignal, onCleanup, Show } from "solid-js";
import { Icon } from "../../components/Icon";
import type { Channel } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { newestOf } from "../../state/history";
import { createdAt } from "../../state/ids";
import { duration } from "../../text/dates";
import { slowed } from "./blocked";
import css from "./composer.module.css";

/** Says that the channel is slow, and for how long the next message waits. It may be written all the same. */
export function SlowMode(props: { channel: Channel }) {
  const snug = useSnug();
  const [now, setNow] = createSignal(snug.now());
  const tick = setInterval(() => setNow(snug.now()), 1_000);
  onCleanup(() => clearInterval(tick));
  const wait = () => {
    const history = snug.state.histories[props.channel.id];
    const last = history && newestOf(history, snug.state.account?.id ?? "");
    return last ? createdAt(last.id) + props.channel.slow_mode_s * 1_000 - now() : 0;
  };
  return (
    <Show when={slowed(snug.state, props.channel)}>
      <p class={css.slow}>
        <Icon name="clock" size={14} />
        {wait() > 0 ? `Slow mode: your next message is sent in ${duration(wait())}` : `Slow mode: one message every ${duration(props.channel.slow_mode_s * 1_000)}`}
      </p>
    </Show>
  );
}
