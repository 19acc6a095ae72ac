import { createMemo, For, Show } from "solid-js";
import type { Figures } from "../../backend/voice/reading";
import type { TrackKind } from "../../protocol/generated";
import { Chart } from "./Chart";
import { type Heard, heardIn, lacking, lineOf, measured } from "./columns";
import type { Board } from "./board";
import { factsOf } from "./facts";
import type { Group, Section } from "./sections";
import css from "./panel.module.css";

const SOUNDS: Record<TrackKind, string> = { microphone: "", camera: ", camera", screen: ", screen", screen_sound: ", sound of the screen" };

/** One part of the panel: what is no figure, plots, and those of each who is heard. */
export function SectionView(props: { section: Section; board: Board; nameOf: (user: string) => string | undefined }) {
  const last = () => props.board.timeline().readings.at(-1) ?? undefined;
  const own = () => props.board.timeline().readings.map((one) => one?.own);
  const facts = () => {
    const reading = last();
    return reading ? factsOf(props.section.id, reading.facts) : [];
  };
  const without = () => lacking(props.section, last());
  // By name, so that a row stays the same while figures change.
  const keys = () => people().map(({ key }) => key);
  const people = (): Heard[] => heardIn(props.board.timeline().readings.filter((one) => one !== null), props.section.lines?.kinds ?? []);
  const person = (key: string) => people().find((one) => one.key === key);
  const figures = (key: string) => {
    const heard = person(key);
    return props.board.timeline().readings.map((one) => heard && lineOf(one, heard)?.figures);
  };
  return (
    <section class={css.section} id={`debug-${props.section.id}`} aria-label={props.section.title} tabIndex={-1}>
      <h3 class={css.title}>{props.section.title}</h3>
      <Show when={facts().length > 0}>
        <dl class={css.facts}>
          <For each={facts()}>
            {([what, value]) => (
              <div class={css.fact}>
                <dt>{what}</dt>
                <dd>{value}</dd>
              </div>
            )}
          </For>
        </dl>
      </Show>
      <Charts groups={props.section.own} figures={own()} board={props.board} />
      <For each={keys()}>
        {(key) => (
          <div role="group" aria-label={props.nameOf(person(key)?.user ?? "")}>
            <h4 class={css.person}>
              {props.nameOf(person(key)?.user ?? "") ?? "Somebody"}
              {SOUNDS[person(key)?.kind ?? "microphone"]}
            </h4>
            <Charts groups={props.section.lines?.groups ?? []} figures={figures(key)} board={props.board} />
          </div>
        )}
      </For>
      <Show when={props.section.lines && keys().length === 0}>
        <p class={css.note}>Nobody was heard in the last two minutes.</p>
      </Show>
      <Show when={without().length > 0}>
        <p class={css.note}>Not measured by this client: {without().join("; ")}.</p>
      </Show>
    </section>
  );
}

function Charts<F extends string>(props: { groups: readonly Group<F>[]; figures: (Figures<F> | undefined)[]; board: Board }) {
  // As text it is the same from reading to reading, and the plots stay.
  const has = createMemo(() => Object.keys(props.figures.findLast((one) => one !== undefined) ?? {}).join());
  const groups = createMemo((): Group<F>[] => {
    const known = Object.fromEntries(has().split(",").map((name) => [name, null])) as Figures<F>;
    return props.groups.map((group) => ({ ...group, series: measured(group, known) })).filter(({ series }) => series.length > 0);
  });
  return (
    <Show when={groups().length > 0}>
      <div class={css.charts}>
        <For each={groups()}>{(group) => <Chart group={group} figures={props.figures} board={props.board} />}</For>
      </div>
    </Show>
  );
}
