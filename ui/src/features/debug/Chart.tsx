import { For } from "solid-js";
import type { Figures } from "../../backend/voice/reading";
import { columnsOf, type Value } from "./columns";
import type { Board } from "./board";
import { Plot } from "./Plot";
import type { Group } from "./sections";
import { amount, span, UNIT_WORDS } from "./units";
import css from "./panel.module.css";

/** One plot with its figures: those under the cursor, or the newest. */
export function Chart<F extends string>(props: { group: Group<F>; figures: (Figures<F> | undefined)[]; board: Board }) {
  const columns = (): Value[][] => columnsOf(props.group, props.figures);
  const shown = (column: Value[] | undefined): Value => column?.[props.board.cursor() ?? column.length - 1] ?? null;
  const range = (column: Value[] | undefined): string => {
    const known = column?.filter((one) => one !== null) ?? [];
    if (known.length === 0) return "–";
    return span(Math.min(...known), Math.max(...known), props.group.unit);
  };
  return (
    <figure class={css.chart}>
      <figcaption class={css.caption}>
        {props.group.title}
        <span class={css.unit}>{UNIT_WORDS[props.group.unit]}</span>
      </figcaption>
      <Plot group={props.group} times={props.board.timeline().times} columns={columns()} paint={props.board.paint} onCursor={props.board.setCursor} />
      <table class={css.legend} aria-label={props.group.title}>
        <thead class="aloud">
          <tr>
            <th scope="col">What</th>
            <th scope="col">Now</th>
            <th scope="col">Over the last two minutes</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.group.series}>
            {(series, at) => (
              <tr>
                <th scope="row">
                  <i class={css.swatch} data-dashed={series.dashed || undefined} style={{ color: `var(--plot-${series.ink})` }} />
                  {series.label}
                </th>
                <td class={css.now}>{amount(shown(columns()[at()]), props.group.unit)}</td>
                <td class={css.span}>{range(columns()[at()])}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </figure>
  );
}
