const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const moment = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });
const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });

/** "19 November 2026". */
export const onDay = (at: number): string => day.format(at);

/** "19 November 2026 at 21:02". */
export const atMoment = (at: number): string => moment.format(at);

/** "just now", "5 minutes ago", "yesterday", "in 3 days"; a day after a month. */
export function relatively(at: number, now: number): string {
  const gap = at - now;
  const size = Math.abs(gap);
  if (size < MINUTE) return gap > 0 ? "in a moment" : "just now";
  if (size < HOUR) return relative.format(Math.round(gap / MINUTE), "minute");
  if (size < DAY) return relative.format(Math.round(gap / HOUR), "hour");
  if (size < 30 * DAY) return relative.format(Math.round(gap / DAY), "day");
  return onDay(at);
}

/** A length of time in its largest two units: "2 days 3 hours". */
export function lasting(seconds: number): string {
  const units = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return "no time";
  let left = seconds;
  const parts: string[] = [];
  for (const [name, size] of units.slice(first, first + 2)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return parts.join(" ");
}
