import { absurd } from "../../absurd";

/** What a figure is counted in. */
export type Unit = "db" | "ms" | "part" | "bps" | "ppm" | "rate";

const digits = (value: number, most: number): string => value.toFixed(Math.abs(value) >= 100 ? 0 : most).replace("-", "−");

/** A figure for people; a dash for what is not known. */
export function amount(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return "–";
  switch (unit) {
    case "db":
      return `${digits(value, 0)} dB`;
    case "ms":
      return `${digits(value, value < 10 ? 1 : 0)} ms`;
    case "part":
      return `${digits(value * 100, value > 0 && value < 0.1 ? 1 : 0)} %`;
    case "bps":
      return value >= 1_000_000 ? `${digits(value / 1_000_000, 1)} Mb/s` : `${digits(value / 1_000, 0)} kb/s`;
    case "ppm":
      return `${value > 0 ? "+" : ""}${digits(value, 0)} ppm`;
    case "rate":
      return `${digits(value, 0)} /s`;
    default:
      return absurd(unit);
  }
}

/** From the least to the most, with the unit once if it is the same. */
export function span(least: number, most: number, unit: Unit): string {
  const [from, to] = [amount(least, unit), amount(most, unit)];
  if (from === to) return to;
  const [number, of] = from.split(" ");
  return to.endsWith(` ${of}`) ? `${number} to ${to}` : `${from} to ${to}`;
}

/** The same beside an axis, where there is little room. */
export function tick(value: number, unit: Unit): string {
  switch (unit) {
    case "part":
      return `${Number((value * 100).toFixed(1))} %`;
    case "bps":
      return value === 0 ? "0" : value >= 1_000_000 ? `${Number((value / 1_000_000).toFixed(1))} M` : `${Math.round(value / 1_000)} k`;
    case "db":
    case "ms":
    case "ppm":
    case "rate":
      return String(Number(value.toFixed(2))).replace("-", "−");
    default:
      return absurd(unit);
  }
}

/** What stands at the head of a plot. */
export const UNIT_WORDS: Record<Unit, string> = { db: "dBFS", ms: "ms", part: "%", bps: "bit/s", ppm: "ppm", rate: "per second" };
