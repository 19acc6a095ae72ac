import { expect, test } from "vitest";
import type { LineStats, VoiceStats } from "../../protocol/desktop";
import { ownStats } from "../voice/reading";
import { StatsReader } from "./readings";

const used = { input: { at: "open", name: "Headset", instead: false }, output: { at: "off" } } as const;
const end = { candidate: "host", v6: false, reach: "private" } as const;

const line = (change: Partial<LineStats>): LineStats => ({
  mid: "0",
  track: { user_id: "7", kind: "microphone" },
  received: 0,
  lost: 0,
  late: 0,
  from_red: 0,
  from_fec: 0,
  played: 0,
  concealed: 0,
  shortened: 0,
  lengthened: 0,
  jitter_us: 4_000,
  delay_us: 52_000,
  target_us: 45_000,
  ...change,
});

/** What the engine tells at a time, with counters as they are by then. */
function stats(seconds: number, change: Partial<VoiceStats> = {}): VoiceStats {
  return {
    at: seconds * 1_000,
    microphone: { rate: 48_000, callback: 256, waiting: 720, target: 768, gaps: 2, drift_ppm: 31.5 },
    speaker: null,
    heard_db: -30,
    processed_db: -22,
    played_db: -100,
    open: 0.5,
    echo_reduction_db: 24,
    work_median_us: 900,
    work_longest_us: 2_500,
    real_time: true,
    sent: { packets: seconds * 50, with_copies: seconds * 50, encoded: seconds * 8_000, payload: seconds * 16_000, bitrate: 64_000, narrowed: false },
    network: { sent: seconds * 20_000, received: seconds * 10_000, round_trip_us: 23_400, uplink_loss: 0.01, stack: "str0m", path: { local: end, remote: end } },
    lines: [],
    ...change,
  };
}

test("rates and shares are of the time since the reading before", () => {
  const reader = new StatsReader();
  reader.read(stats(10, { lines: [line({ received: 100, lost: 10, played: 48_000 })] }), used);
  const now = line({ received: 190, lost: 20, late: 9, from_red: 4, from_fec: 1, played: 144_000, concealed: 4_800, shortened: 480, lengthened: 480 });
  const reading = reader.read(stats(12, { lines: [now] }), used);
  expect(reading.own).toMatchObject({
    encodedBps: 64_000,
    payloadBps: 128_000,
    copies: 0.5,
    upBps: 160_000,
    downBps: 80_000,
    packetsUp: 50,
    packetsDown: 45,
    lossUp: 0.01,
    lossDown: 0.1,
    rttMs: 23.4,
    inWaitingMs: 15,
    inTargetMs: 16,
    inDriftPpm: 31.5,
    outWaitingMs: null,
    workMs: 0.9,
    workLongestMs: 2.5,
  });
  expect(reading.lines).toEqual([
    { mid: "0", user: "7", kind: "microphone", figures: { bufferMs: 52, targetMs: 45, jitterMs: 4, packets: 45, loss: 0.1, late: 0.1, repaired: 0.05, concealed: 0.05, stretched: 0.01 } },
  ]);
  expect(reading.facts).toMatchObject({ microphone: { name: "Headset", rate: 48_000, callback: 256, gaps: 2 }, speaker: null, stack: "str0m", path: { protocol: "udp" }, realTime: true });
  expect(ownStats(reading)).toMatchObject({ rttMs: 23, lossDown: 0.1, jitterMs: 4, bufferMs: 52, path: "udp", heard: { "7": { concealed: 0.05 } } });
});

test("of somebody who is silent nothing is known", () => {
  const reader = new StatsReader();
  reader.read(stats(1, { lines: [line({ received: 100, played: 48_000 })] }), used);
  const reading = reader.read(stats(2, { lines: [line({ received: 100, played: 48_000 })] }), used);
  expect(reading.lines[0]!.figures).toMatchObject({ bufferMs: null, targetMs: null, loss: null, concealed: null, packets: 0 });
});

test("a line that carries somebody else counts anew", () => {
  const reader = new StatsReader();
  reader.read(stats(1, { lines: [line({ received: 100, lost: 50 })] }), used);
  const reading = reader.read(stats(2, { lines: [line({ track: { user_id: "8", kind: "microphone" }, received: 150, lost: 50 })] }), used);
  expect(reading.lines[0]!.figures.loss).toBeNull();
});
