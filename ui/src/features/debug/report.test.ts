import { expect, test } from "vitest";
import type { Note, Reading } from "../../backend/voice/reading";
import { heardIn, lacking, timelineOf } from "./columns";
import { type About, reportOf } from "./report";
import { SECTIONS } from "./sections";

const START = Date.UTC(2025, 2, 4, 18, 30);
const about: About = { program: "Snug for Linux", version: "0.1.0", protocol: 1, system: "Debian GNU/Linux 12 (bookworm), Linux 6.1.0, x86_64" };

function reading(second: number): Reading {
  const bad = second === 3;
  return {
    at: START + second * 1_000,
    own: {
      heardDb: -42.4 + second, processedDb: -25, playedDb: -100, open: second % 2, workMs: 0.84, workLongestMs: bad ? 12.4 : 2.1,
      inWaitingMs: 15.2, inTargetMs: 16, inDriftPpm: 31.4, outWaitingMs: 6.3, outTargetMs: 6.3, outDriftPpm: -12,
      encodedBps: 62_000, payloadBps: 125_000, copies: 0.504, upBps: 168_000, downBps: 90_000, packetsUp: 50, packetsDown: 50,
      lossUp: bad ? 0.081 : 0, lossDown: 0.004, rttMs: 23.6,
    },
    lines: [
      { mid: "2", user: "70", kind: "microphone", figures: { bufferMs: 52.3, targetMs: 45, jitterMs: 4.2, packets: 50, loss: bad ? 0.12 : 0, late: 0, repaired: 0.08, concealed: bad ? 0.021 : 0, stretched: 0.004 } },
      { mid: "3", user: null, kind: "microphone", figures: { bufferMs: null } },
      ...(second > 1 ? [{ mid: "4", user: "71", kind: "screen_sound" as const, figures: { bufferMs: null, targetMs: null, jitterMs: null, packets: 0, loss: null, late: null, repaired: null, concealed: null, stretched: null } }] : []),
    ],
    facts: {
      microphone: { name: "Headset | Mono", rate: 48_000, callback: 256, gaps: 1 },
      speaker: { name: "Headphones", rate: 48_000, callback: 128, gaps: 0 },
      stack: "str0m",
      codec: "opus in red",
      path: { protocol: "udp", local: { candidate: "host", v6: false, reach: "private" }, remote: { candidate: "host", v6: false, reach: "public" } },
      bitrate: 64_000,
      narrowed: false,
      realTime: true,
      echoDb: 24.3,
    },
  };
}

const notes: Note[] = [
  { at: START + 500, text: "The microphone “Headset” is gone.", bad: true },
  { at: START + 2_500, text: "The microphone “Headset” is used again.", bad: false },
];

test("the report has all that is shown, and neither names nor addresses", () => {
  expect(reportOf(about, [0, 1, 2, 3, 4].map(reading), notes, new Date(START + 5_000))).toMatchSnapshot();
});

test("the report of a client that measures less says what it lacks", () => {
  const { at, lines } = reading(0);
  const browser: Reading = {
    at,
    own: { heardDb: -30, open: 1, payloadBps: 64_000, upBps: 70_000, downBps: 1_200_000, packetsUp: 50, packetsDown: 100, lossUp: null, lossDown: 0, rttMs: 110 },
    lines: [lines[0]!],
    facts: {
      microphone: { name: "Internal microphone", rate: 48_000, callback: null },
      speaker: { name: null, rate: 44_100, callback: 441, latencyMs: 32 },
      stack: "the browser’s WebRTC",
      codec: "opus",
      path: { protocol: "tcp", local: { candidate: "prflx", v6: null }, remote: { candidate: "host", v6: true } },
    },
  };
  expect(reportOf({ program: "Snug in a browser", version: null, protocol: 1, system: "Firefox" }, [browser], [], new Date(START))).toMatchSnapshot();
});

test("a report of nothing says so", () => {
  expect(reportOf(about, [], [], new Date(START))).toMatchSnapshot();
});

test("a pause is a hole, and not a line across it", () => {
  const line = timelineOf([reading(0), reading(1), reading(30)]);
  expect(line.times.map((time) => time - START / 1_000)).toEqual([0, 1, 2, 30]);
  expect(line.readings.map((one) => one !== null)).toEqual([true, true, false, true]);
});

test("who is heard keeps their place while others come and go", () => {
  const readings = [reading(2), { ...reading(3), lines: reading(3).lines.toReversed() }];
  expect(heardIn(readings, ["microphone", "screen_sound"]).map(({ user }) => user)).toEqual(["70", "71"]);
  expect(heardIn(readings, ["screen_sound"]).map(({ user }) => user)).toEqual(["71"]);
});

test("each figure is shown once, and an engine that measures all lacks none", () => {
  const figures = SECTIONS.flatMap(({ own, lines }) => [...own, ...(lines?.groups ?? [])]).flatMap(({ series }) => series.map(({ figure }) => figure));
  expect(new Set(figures).size).toBe(figures.length);
  expect(SECTIONS.flatMap((section) => lacking(section, reading(0)))).toEqual([]);
});
