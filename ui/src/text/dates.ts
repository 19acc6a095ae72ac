/*
 * Times for people, in the time zone of the machine. All are given in milliseconds since the Unix epoch, `now` too.
 */

/** English, with the day before the month and 24 hours, as in "Thursday, 19 November" and "21:02". */
const LOCALE = "en-GB";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const time = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: "long" });
const dayMonth = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long" });
const dayMonthYear = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long", year: "numeric" });
const shortDay = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });
const relativeWords = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** The day that was asked for last: messages come by the thousand, one day after the other, and the calendar is slow. */
let last = { from: 0, to: 0, day: 0 };

/** The day of `at`, as a number that rises by one a day: equal for times on one day, here. */
export function dayOf(at: number): number {
  if (at < last.from || at >= last.to) {
    const date = new Date(at);
    const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
    last = { from: new Date(year, month, day).getTime(), to: new Date(year, month, day + 1).getTime(), day: Math.round(Date.UTC(year, month, day) / DAY) };
  }
  return last.day;
}

/** "21:02". */
export const timeOf = (at: number): string => time.format(at);

/** "Today", "Yesterday", "Thursday, 19 November", "Thursday, 19 November 2025": above the messages of a day. */
export function dayHeading(at: number, now: number): string {
  const days = dayOf(at) - dayOf(now);
  if (days === 0) return "Today";
  if (days === -1) return "Yesterday";
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return `${weekday.format(at)}, ${(sameYear ? dayMonth : dayMonthYear).format(at)}`;
}

/** "21:02", "Yesterday 21:02", "19 Nov 2026 21:02": beside something that has no day above it. */
export function shortTime(at: number, now: number): string {
  const days = dayOf(at) - dayOf(now);
  if (days === 0) return timeOf(at);
  return `${days === -1 ? "Yesterday" : shortDay.format(at)} ${timeOf(at)}`;
}

/** "Thursday, 19 November 2026 at 21:02": where somebody wants to know exactly. */
export const fullTime = (at: number): string => `${weekday.format(at)}, ${dayMonthYear.format(at)} at ${timeOf(at)}`;

/** "just now", "5 minutes ago", "in 3 days", "last month". */
export function relativeTime(at: number, now: number): string {
  const distance = at - now;
  const size = Math.abs(distance);
  if (size < MINUTE) return "just now";
  if (size < HOUR) return relative.format(Math.trunc(distance / MINUTE), "minute");
  if (size < DAY) return relative.format(Math.trunc(distance / HOUR), "hour");
  const days = dayOf(at) - dayOf(now);
  if (Math.abs(days) < 7) return relativeWords.format(days, "day");
  if (Math.abs(days) < 30) return relativeWords.format(Math.trunc(days / 7), "week");
  if (Math.abs(days) < 365) return relativeWords.format(Math.trunc(days / 30), "month");
  return relativeWords.format(Math.trunc(days / 365), "year");
}

/** "ends in 3 days", "ends in 5 minutes", "ended yesterday", "never ends": of an invite or a time-out. */
export function expiry(at: number | null, now: number): string {
  if (at === null) return "never ends";
  if (at <= now) return now - at < MINUTE ? "ended just now" : `ended ${relativeTime(at, now)}`;
  if (at - now < MINUTE) return "ends in less than a minute";
  // Rounded up, so that what was just made for 7 days ends in 7 days, not in 6.
  const left = (unit: number): number => Math.ceil((at - now) / unit);
  if (left(MINUTE) < 60) return `ends ${relative.format(left(MINUTE), "minute")}`;
  if (left(HOUR) < 24) return `ends ${relative.format(left(HOUR), "hour")}`;
  return `ends ${relative.format(left(DAY), "day")}`;
}

/** "5 s", "3 min", "2 h 5 min": how long to wait. Rounded up: nobody should try too early. */
export function duration(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}
