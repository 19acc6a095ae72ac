import { KEPT_MS } from "../../backend/voice/recorder";
import type { Figures, LineReading, Reading } from "../../backend/voice/reading";
import type { TrackKind, UserId } from "../../protocol/generated";
import type { Group, Section, Series } from "./sections";

/** A longer pause than this is a hole in the plots. */
const HOLE_MS = 2_500;
/** How much is shown, in seconds. */
export const SHOWN_S = KEPT_MS / 1_000;

export type Value = number | null;

/** Readings along the time that all plots share; nothing where nothing was measured. */
export interface Timeline {
  /** In seconds since 1970. */
  times: number[];
  readings: (Reading | null)[];
}

export function timelineOf(readings: readonly Reading[]): Timeline {
  const line: Timeline = { times: [], readings: [] };
  let before: number | undefined;
  for (const reading of readings) {
    if (before !== undefined && reading.at - before > HOLE_MS) {
      line.times.push((before + 1_000) / 1_000);
      line.readings.push(null);
    }
    line.times.push(reading.at / 1_000);
    line.readings.push(reading);
    before = reading.at;
  }
  return line;
}

/** One column a series. */
export function columnsOf<F extends string>(group: Group<F>, figures: (Figures<F> | undefined)[]): Value[][] {
  return group.series.map(({ figure }) => figures.map((one) => one?.[figure] ?? null));
}

/** Somebody who is heard, or something of theirs. */
export interface Heard {
  key: string;
  user: UserId;
  kind: TrackKind;
}

/** Who was heard, in the order of their coming. */
export function heardIn(readings: readonly Reading[], kinds: readonly TrackKind[]): Heard[] {
  const found = new Map<string, Heard>();
  for (const { user, kind } of readings.flatMap((one) => one.lines)) {
    if (user === null || !kinds.includes(kind)) continue;
    const key = `${user} ${kind}`;
    if (!found.has(key)) found.set(key, { key, user, kind });
  }
  return [...found.values()];
}

/** The line somebody is heard on at a time. */
export const lineOf = (reading: Reading | null, { user, kind }: Heard): LineReading | undefined => reading?.lines.find((line) => line.user === user && line.kind === kind);

export interface Summary {
  now: Value;
  least: Value;
  median: Value;
  most: Value;
}

export function summaryOf(column: readonly Value[]): Summary {
  const known = column.filter((one) => one !== null).toSorted((a, b) => a - b);
  return { now: column.at(-1) ?? null, least: known[0] ?? null, median: known[Math.floor(known.length / 2)] ?? null, most: known.at(-1) ?? null };
}

/** The series of a group that this client measures: what it leaves out it can never know. */
export function measured<F extends string>(group: Group<F>, figures: Figures<F> | undefined): Series<F>[] {
  return figures === undefined ? group.series : group.series.filter(({ figure }) => figure in figures);
}

/** What of a section this client cannot measure, in words. */
export function lacking(section: Section, last: Reading | undefined): string[] {
  if (last === undefined) return [];
  const of = <F extends string>(groups: readonly Group<F>[], figures: Figures<F> | undefined): string[] =>
    groups.flatMap((group) => {
      const known = measured(group, figures);
      if (known.length === group.series.length) return [];
      if (known.length === 0) return [group.title];
      return [`${group.title}: ${group.series.filter((one) => !known.includes(one)).map(({ label }) => label).join(", ")}`];
    });
  const line = last.lines.find(({ kind }) => section.lines?.kinds.includes(kind));
  return [...of(section.own, last.own), ...of(section.lines?.groups ?? [], line?.figures)];
}
