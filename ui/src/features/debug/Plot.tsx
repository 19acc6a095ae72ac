import { createEffect, on, onCleanup, onMount } from "solid-js";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { SHOWN_S, type Value } from "./columns";
import type { Paint } from "./paint";
import type { Group } from "./sections";
import { tick } from "./units";
import css from "./panel.module.css";

/** Of the drawing, in pixels. */
const HEIGHT = 112;
const LEFT = 44;
/** All plots have one cursor. */
const CURSOR = UPlot.sync("snug.debug");

/** The drawing of one group. Its figures stand beside it as a table: this is for eyes alone. */
export function Plot(props: { group: Group<string>; times: number[]; columns: Value[][]; paint: Paint; onCursor: (at: number | null) => void }) {
  let place!: HTMLDivElement;
  onMount(() => {
    const plot = new UPlot(options(props.group, props.paint, place.clientWidth, (at) => props.onCursor(at)), data(), place);
    const sizes = new ResizeObserver(() => place.clientWidth > 0 && plot.setSize({ width: place.clientWidth, height: HEIGHT }));
    sizes.observe(place);
    createEffect(on(data, (next) => plot.setData(next), { defer: true }));
    createEffect(on(props.paint.theme, () => plot.redraw(false), { defer: true }));
    onCleanup(() => {
      sizes.disconnect();
      plot.destroy();
    });
  });
  const data = (): UPlot.AlignedData => [props.times, ...props.columns];
  return <div class={css.plot} aria-hidden="true" ref={(element) => (place = element)} />;
}

function options(group: Group<string>, { color }: Paint, width: number, cursor: (at: number | null) => void): UPlot.Options {
  const axis = (): string => color("--ink3");
  const grid: UPlot.Axis.Grid = { stroke: () => color("--line"), width: 1 };
  const least = group.least ?? 0;
  return {
    width: Math.max(1, width),
    height: HEIGHT,
    padding: [8, 14, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: CURSOR.key }, y: false, drag: { x: false, y: false, setScale: false }, points: { size: 7, width: 0, fill: (plot, at) => (plot.series[at]!.stroke as () => string)() } },
    hooks: { setCursor: [(plot) => cursor(plot.cursor.idx ?? null)] },
    scales: {
      x: { time: false, range: (_, __, last) => [(last ?? 0) - SHOWN_S, last ?? 0] },
      y: { range: (_, lowest, highest) => (group.fixed ? [least, group.most] : [Math.min(least, lowest ?? least), Math.max(group.most, (highest ?? 0) * 1.1)]) },
    },
    axes: [
      { stroke: axis, grid, ticks: { show: false }, size: 18, gap: 3, font: FONT, splits: (plot) => [120, 90, 60, 30, 0].map((ago) => plot.scales["x"]!.max! - ago), values: (plot, splits) => splits.map((at) => ago(plot.scales["x"]!.max! - at)) },
      { stroke: axis, grid, ticks: { show: false }, size: LEFT, gap: 6, font: FONT, space: 26, values: (_, splits) => splits.map((at) => tick(at, group.unit)) },
    ],
    series: [{}, ...group.series.map(({ ink, dashed, label }): UPlot.Series => ({ label, stroke: () => color(`--plot-${ink}`), width: dashed ? 1.25 : 1.75, ...(dashed ? { dash: [4, 4] } : {}), points: { show: false }, spanGaps: false }))],
  };
}

const FONT = '11px "Inter Variable", Inter, system-ui, sans-serif';

const ago = (seconds: number): string => (Math.round(seconds) === 0 ? "now" : `−${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`);
