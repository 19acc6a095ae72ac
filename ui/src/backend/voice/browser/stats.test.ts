import { expect, test } from "vitest";
import { type Entry, StatsReader } from "./stats";

/** What Chromium tells at a time, with counters as they are by then. */
function report(seconds: number, counters: { sent: number; packets: number; lost: number; bytes: number; concealed?: number; silent?: number; delay?: number }): Entry[] {
  const timestamp = seconds * 1_000;
  return [
    { id: "T", type: "transport", timestamp },
    { id: "P", type: "candidate-pair", timestamp, nominated: true, state: "succeeded", currentRoundTripTime: 0.0234, localCandidateId: "L" },
    { id: "Q", type: "candidate-pair", timestamp, nominated: false, state: "succeeded", currentRoundTripTime: 9, localCandidateId: "L" },
    { id: "L", type: "local-candidate", timestamp, protocol: "udp" },
    { id: "C", type: "codec", timestamp, mimeType: "audio/red" },
    { id: "O", type: "outbound-rtp", timestamp, kind: "audio", bytesSent: counters.sent, codecId: "C" },
    {
      id: "I",
      type: "inbound-rtp",
      timestamp,
      kind: "audio",
      mid: "s1",
      packetsReceived: counters.packets,
      packetsLost: counters.lost,
      bytesReceived: counters.bytes,
      jitter: 0.012,
      totalSamplesReceived: seconds * 48_000,
      concealedSamples: counters.concealed ?? 0,
      silentConcealedSamples: counters.silent ?? 0,
      jitterBufferDelay: counters.delay ?? 0,
      jitterBufferEmittedCount: seconds * 48_000,
    },
  ];
}

test("rates and losses are of the time since the last reading", () => {
  const reader = new StatsReader();
  reader.read(report(10, { sent: 100_000, packets: 400, lost: 100, bytes: 50_000 }));
  const stats = reader.read(report(12, { sent: 116_000, packets: 490, lost: 110, bytes: 66_000, concealed: 9_600, silent: 4_800, delay: 48_000 * 2 * 0.06 }));
  expect(stats).toMatchObject({ rttMs: 23, upBps: 64_000, downBps: 64_000, path: "udp", codec: "red", jitterMs: 12, bufferMs: 60 });
  expect(stats.lossDown).toBeCloseTo(0.1);
  expect(stats.heard["s1"]?.concealed).toBeCloseTo(0.05);
});

test("a first reading has no rates yet", () => {
  expect(new StatsReader().read(report(10, { sent: 1, packets: 90, lost: 10, bytes: 5_000 }))).toMatchObject({ upBps: 0, downBps: 0, rttMs: 23 });
});

test("counters that began anew with another connection give nothing below zero", () => {
  const reader = new StatsReader();
  reader.read(report(10, { sent: 100_000, packets: 400, lost: 100, bytes: 50_000 }));
  const stats = reader.read(report(12, { sent: 10, packets: 4, lost: 0, bytes: 100 }));
  expect(stats).toMatchObject({ upBps: 0, downBps: 0, lossDown: 0 });
});

test("before anything is connected there is nothing to tell", () => {
  expect(new StatsReader().read([])).toEqual({ rttMs: null, upBps: 0, downBps: 0, lossDown: 0, jitterMs: 0, bufferMs: 0, path: null, codec: null, heard: {} });
});
