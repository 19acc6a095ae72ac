import type { HeardStats, OwnStats } from "../engine";

/* Reads what RTCPeerConnection.getStats tells (webrtc-stats). Counters only rise, so rates need the reading before. */

/** The fields that are read, of any kind of entry. */
export interface Entry {
  id: string;
  type: string;
  /** In milliseconds. */
  timestamp: number;
  [field: string]: unknown;
}

interface Counters {
  at: number;
  up: number;
  heard: Map<string, { packets: number; lost: number; bytes: number; samples: number; concealed: number; buffered: number; emitted: number }>;
}

/** `heard` is by m-line here. */
export class StatsReader {
  #before: Counters | null = null;

  read(entries: Iterable<Entry>): OwnStats {
    const all = [...entries];
    const inbound = all.filter((one) => one.type === "inbound-rtp" && one["kind"] === "audio");
    const outbound = all.find((one) => one.type === "outbound-rtp" && one["kind"] === "audio");
    const pair = all.find((one) => one.type === "candidate-pair" && one["nominated"] === true && one["state"] === "succeeded");
    const local = pair && all.find((one) => one.id === pair["localCandidateId"]);
    const codec = outbound && all.find((one) => one.id === outbound["codecId"]);
    const at = all[0]?.timestamp ?? 0;
    const now: Counters = {
      at,
      up: number(outbound?.["bytesSent"]),
      heard: new Map(
        inbound.map((one) => [
          String(one["mid"] ?? one.id),
          {
            packets: number(one["packetsReceived"]),
            lost: number(one["packetsLost"]),
            bytes: number(one["bytesReceived"]),
            samples: number(one["totalSamplesReceived"]),
            // What is made up while nobody speaks is no fault.
            concealed: number(one["concealedSamples"]) - number(one["silentConcealedSamples"]),
            buffered: number(one["jitterBufferDelay"]),
            emitted: number(one["jitterBufferEmittedCount"]),
          },
        ]),
      ),
    };
    const before = this.#before;
    this.#before = now;
    const seconds = before === null ? 0 : (at - before.at) / 1_000;
    const rate = (bytes: number): number => (seconds > 0 ? Math.round((Math.max(0, bytes) * 8) / seconds) : 0);

    const heard: Record<string, HeardStats> = {};
    let packets = 0;
    let lost = 0;
    let down = 0;
    for (const one of inbound) {
      const mid = String(one["mid"] ?? one.id);
      const to = now.heard.get(mid)!;
      const from = before?.heard.get(mid) ?? { packets: 0, lost: 0, bytes: 0, samples: 0, concealed: 0, buffered: 0, emitted: 0 };
      const since = (field: keyof typeof to): number => Math.max(0, to[field] - from[field]);
      packets += since("packets");
      lost += since("lost");
      down += since("bytes");
      heard[mid] = {
        lossDown: part(since("lost"), since("lost") + since("packets")),
        jitterMs: Math.round(number(one["jitter"]) * 1_000),
        bufferMs: Math.round(part(since("buffered"), since("emitted")) * 1_000),
        concealed: part(since("concealed"), since("samples")),
        bps: rate(since("bytes")),
      };
    }
    const lively = Object.values(heard).filter((one) => one.bps > 0);
    return {
      rttMs: typeof pair?.["currentRoundTripTime"] === "number" ? Math.round(pair["currentRoundTripTime"] * 1_000) : null,
      upBps: before === null ? 0 : rate(now.up - before.up),
      downBps: before === null ? 0 : rate(down),
      lossDown: part(lost, lost + packets),
      jitterMs: Math.max(0, ...lively.map((one) => one.jitterMs)),
      bufferMs: Math.max(0, ...lively.map((one) => one.bufferMs)),
      path: local?.["protocol"] === "tcp" ? "tcp" : local?.["protocol"] === "udp" ? "udp" : null,
      codec: typeof codec?.["mimeType"] === "string" ? codec["mimeType"].replace(/^audio\//, "") : null,
      heard,
    };
  }
}

const number = (found: unknown): number => (typeof found === "number" ? found : 0);
const part = (of: number, all: number): number => (all > 0 ? of / all : 0);
