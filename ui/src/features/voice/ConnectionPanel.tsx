import { For, onCleanup, onMount, Show } from "solid-js";
import type { UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { bitrate, GRADE_WORDS, judge, pathWords, percent } from "./quality";
import css from "./connection.module.css";

/** How somebody in one's channel is connected, as the server sees it, and how they arrive here. */
export function ConnectionPanel(props: { userId: UserId }) {
  const { state, voice } = useSnug();
  onMount(() => onCleanup(voice.look()));
  const self = () => props.userId === state.account?.id;
  const stats = () => state.peerStats[props.userId];
  const finding = () => judge(stats()!, self());
  const heard = () => voice.own()?.heard[props.userId];
  const rows = (): [string, string][] => {
    const now = stats()!;
    const here = heard();
    return [
      ["Round trip", now.rtt_ms === null ? "not known yet" : `${now.rtt_ms} ms`],
      ["Lost to the server", percent(now.loss_up_permille)],
      ["Lost from the server", percent(now.loss_down_permille)],
      ["Jitter", `${now.jitter_ms} ms`],
      ["Sends", bitrate(now.up_bps)],
      ["Receives", bitrate(now.down_bps)],
      ["Path", pathWords(now.path)],
      ...(here ? ([["Waits here", `${here.bufferMs} ms`], ["Made up here", percent(here.concealed * 1_000)]] as [string, string][]) : []),
    ];
  };
  return (
    <div class={css.connection}>
      <Show when={stats()} fallback={<p class={css.cause}>Measuring…</p>}>
        <p class={css.grade} data-grade={finding().grade}>
          <i class={css.dot} />
          {GRADE_WORDS[finding().grade]}
        </p>
        <Show when={finding().cause}>{(cause) => <p class={css.cause}>{cause()}</p>}</Show>
        <dl class={css.rows}>
          <For each={rows()}>
            {([what, value]) => (
              <div class={css.row}>
                <dt>{what}</dt>
                <dd>{value}</dd>
              </div>
            )}
          </For>
        </dl>
      </Show>
    </div>
  );
}
