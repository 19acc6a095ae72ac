import { expect, test } from "vitest";
import { ownStats, type Reading } from "../reading";
import { type Entry, type Read, StatsReader } from "./readings";

/** What Chromium tells at a time, with counters as they are by then. */
function report(seconds: number, counters: { sent: number; packets: number; lost: number; concealed?: number; silent?: number; delay?: number; fec?: number; stretched?: number }): Entry[] {
  const timestamp = seconds * 1_000;
  return [
    { id: "T", type: "transport", timestamp },
    { id: "P", type: "candidate-pair", timestamp, nominated: true, state: "succeeded", currentRoundTripTime: 0.0235, localCandidateId: "L", remoteCandidateId: "R", bytesSent: counters.sent * 2, bytesReceived: counters.packets * 200 },
    { id: "Q", type: "candidate-pair", timestamp, nominated: false, state: "succeeded", currentRoundTripTime: 9, localCandidateId: "L" },
    { id: "L", type: "local-candidate", timestamp, protocol: "udp", candidateType: "host", address: "5c1f-hidden.local" },
    { id: "R", type: "remote-candidate", timestamp, protocol: "udp", candidateType: "host", address: "203.0.113.9" },
    { id: "C", type: "codec", timestamp, mimeType: "audio/red" },
    { id: "O", type: "outbound-rtp", timestamp, kind: "audio", bytesSent: counters.sent, packetsSent: counters.sent / 160, codecId: "C" },
    { id: "RI", type: "remote-inbound-rtp", timestamp, kind: "audio", localId: "O", fractionLost: 0.02 },
    {
      id: "I",
      type: "inbound-rtp",
      timestamp,
      kind: "audio",
      mid: "s1",
      packetsReceived: counters.packets,
      packetsLost: counters.lost,
      jitter: 0.012,
      totalSamplesReceived: seconds * 48_000,
      concealedSamples: counters.concealed ?? 0,
      silentConcealedSamples: counters.silent ?? 0,
      insertedSamplesForDeceleration: counters.stretched ?? 0,
      removedSamplesForAcceleration: 0,
      fecPacketsReceived: counters.fec ?? 0,
      fecPacketsDiscarded: 0,
      jitterBufferDelay: counters.delay ?? 0,
      jitterBufferTargetDelay: (counters.delay ?? 0) * 0.5,
      jitterBufferEmittedCount: seconds * 48_000,
    },
  ];
}

const reading = ({ own, lines, codec, path }: Read): Reading => ({
  at: 0,
  own,
  lines: lines.map((line) => ({ ...line, user: "7" })),
  facts: { microphone: null, speaker: null, stack: "test", codec, path },
});

test("rates and shares are of the time since the last reading", () => {
  const reader = new StatsReader();
  reader.read(report(10, { sent: 100_000, packets: 400, lost: 100 }));
  const read = reader.read(report(12, { sent: 116_000, packets: 490, lost: 110, concealed: 9_600, silent: 4_800, delay: 48_000 * 2 * 0.06, fec: 5, stretched: 960 }));
  expect(read.own).toMatchObject({ payloadBps: 64_000, upBps: 128_000, downBps: 72_000, packetsUp: 50, packetsDown: 45, lossUp: 0.02, lossDown: 0.1, rttMs: 23.5 });
  expect(read.lines).toHaveLength(1);
  expect(read.lines[0]!.figures).toMatchObject({ jitterMs: 12, packets: 45, loss: 0.1, repaired: 0.05, concealed: 0.05, stretched: 0.01 });
  expect(read.lines[0]!.figures.bufferMs).toBeCloseTo(60);
  expect(read.lines[0]!.figures.targetMs).toBeCloseTo(30);
  expect(ownStats(reading(read))).toEqual({
    rttMs: 24,
    upBps: 128_000,
    downBps: 72_000,
    lossDown: 0.1,
    jitterMs: 12,
    bufferMs: 60,
    path: "udp",
    codec: "red",
    heard: { "7": { lossDown: 0.1, jitterMs: 12, bufferMs: 60, concealed: 0.05 } },
  });
});

test("of the way only the kinds of addresses are told", () => {
  const read = new StatsReader().read(report(10, { sent: 0, packets: 0, lost: 0 }));
  expect(read.path).toEqual({ protocol: "udp", local: { candidate: "host", v6: null }, remote: { candidate: "host", v6: false } });
});

test("a first reading has no rates yet", () => {
  const read = new StatsReader().read(report(10, { sent: 160, packets: 90, lost: 10 }));
  expect(read.own).toMatchObject({ payloadBps: null, downBps: null, lossDown: null, rttMs: 23.5 });
  expect(ownStats(reading(read))).toMatchObject({ upBps: 0, downBps: 0, lossDown: 0, rttMs: 24 });
});

test("counters that began anew with another connection give nothing", () => {
  const reader = new StatsReader();
  reader.read(report(10, { sent: 100_000, packets: 400, lost: 100 }));
  const read = reader.read(report(12, { sent: 16, packets: 4, lost: 0 }));
  expect(read.own).toMatchObject({ payloadBps: null, downBps: null, lossDown: null });
});

test("before anything is connected there is nothing to tell", () => {
  expect(ownStats(reading(new StatsReader().read([])))).toEqual({ rttMs: null, upBps: 0, downBps: 0, lossDown: 0, jitterMs: 0, bufferMs: 0, path: null, codec: null, heard: {} });
});
