import { expect, test } from "vitest";
import { dayHeading, dayOf, duration, expiry, fullTime, relativeTime, shortTime, timeOf } from "./dates";

/** In the zone of the machine, as the functions are. */
const at = (text: string): number => new Date(text).getTime();
const now = at("2026-11-21T09:30:00");

test.each([
  ["2026-11-21T00:00:00", "Today"],
  ["2026-11-20T23:59:59", "Yesterday"],
  ["2026-11-19T12:00:00", "Thursday, 19 November"],
  ["2026-01-01T12:00:00", "Thursday, 1 January"],
  ["2025-11-21T12:00:00", "Friday, 21 November 2025"],
  ["2026-11-22T00:00:00", "Sunday, 22 November"],
])("the day of %s is %s", (time, heading) => {
  expect(dayHeading(at(time), now)).toBe(heading);
});

test("days are counted by the calendar, whatever an hour more or less a day has", () => {
  for (let day = 0; day < 400; day++) {
    const noon = new Date(2026, 0, 1 + day, 12).getTime();
    expect(dayOf(new Date(2026, 0, 2 + day, 12).getTime()) - dayOf(noon)).toBe(1);
    expect(dayOf(new Date(2026, 0, 1 + day, 0, 0, 1).getTime())).toBe(dayOf(noon));
    expect(dayOf(new Date(2026, 0, 1 + day, 23, 59, 59).getTime())).toBe(dayOf(noon));
    expect(dayOf(new Date(2026, 0, 2 + day).getTime() - 1)).toBe(dayOf(noon));
  }
});

test("times are short where the day is clear, and whole where it is asked for", () => {
  expect(timeOf(at("2026-11-21T08:05:00"))).toBe("08:05");
  expect(shortTime(at("2026-11-21T00:05:00"), now)).toBe("00:05");
  expect(shortTime(at("2026-11-20T21:02:00"), now)).toBe("Yesterday 21:02");
  expect(shortTime(at("2026-11-19T21:02:00"), now)).toBe("19 Nov 2026 21:02");
  expect(fullTime(at("2026-11-19T21:02:00"))).toBe("Thursday, 19 November 2026 at 21:02");
});

test.each([
  ["2026-11-21T09:29:30", "just now"],
  ["2026-11-21T09:25:00", "5 minutes ago"],
  ["2026-11-21T06:30:00", "3 hours ago"],
  ["2026-11-20T08:00:00", "yesterday"],
  ["2026-11-17T09:30:00", "4 days ago"],
  ["2026-11-09T09:30:00", "last week"],
  ["2026-09-01T09:30:00", "2 months ago"],
  ["2024-11-01T09:30:00", "2 years ago"],
  ["2026-11-24T09:30:00", "in 3 days"],
])("%s is %s", (time, words) => {
  expect(relativeTime(at(time), now)).toBe(words);
});

test.each([
  [null, "never ends"],
  [now + 30_000, "ends in less than a minute"],
  [now + 30 * 60_000, "ends in 30 minutes"],
  [now + 3_600_000, "ends in 1 hour"],
  [now + 23 * 3_600_000 - 1, "ends in 23 hours"],
  [now + 7 * 86_400_000 - 5_000, "ends in 7 days"],
  [now + 86_400_000, "ends in 1 day"],
  [now + 86_400_000 + 5_000, "ends in 2 days"],
  [now, "ended just now"],
  [now - 2 * 3_600_000, "ended 2 hours ago"],
])("what ends at %s %s", (time, words) => {
  expect(expiry(time, now)).toBe(words);
});

test.each([
  [0, "1 s"],
  [4_001, "5 s"],
  [60_000, "1 min"],
  [61_000, "2 min"],
  [3_600_000, "1 h"],
  [7_500_000, "2 h 5 min"],
])("%s ms is %s", (ms, words) => {
  expect(duration(ms)).toBe(words);
});
