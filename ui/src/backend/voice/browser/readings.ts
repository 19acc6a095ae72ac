import type { Figures, LineReading, OwnFigure, PathEnd, PathFacts, Reading } from "../reading";
import { part, Rises, sum } from "../rises";

/* Reads what RTCPeerConnection.getStats tells (webrtc-stats). */

/** The fields that are read, of any kind of entry. */
export interface Entry {
  id: string;
  type: string;
  /** In milliseconds. */
  timestamp: number;
  [field: string]: unknown;
}

/** What is known of the connection: whom its lines carry is told by the server. */
export interface Read extends Pick<Reading, "lines"> {
  own: Figures<OwnFigure>;
  codec: string | null;
  path: PathFacts | null;
}

export class StatsReader {
  readonly #rises = new Rises();

  read(entries: Iterable<Entry>): Read {
    const all = [...entries];
    const rises = this.#rises;
    const named = (id: unknown): Entry | undefined => all.find((one) => one.id === id);
    const inbound = all.filter((one) => one.type === "inbound-rtp" && one["kind"] === "audio");
    const outbound = all.find((one) => one.type === "outbound-rtp" && one["kind"] === "audio");
    const remote = outbound && all.find((one) => one.type === "remote-inbound-rtp" && one["localId"] === outbound.id);
    const pair = all.find((one) => one.type === "candidate-pair" && one["nominated"] === true && one["state"] === "succeeded");
    const codec = named(outbound?.["codecId"])?.["mimeType"];
    rises.begin(all[0]?.timestamp ?? 0);

    const rate = (of: Entry | undefined, field: string): number | null => {
      const value = number(of?.[field]);
      return of === undefined || value === null ? null : rises.rate(`${of.id} ${field}`, value);
    };
    const bits = (bytes: number | null): number | null => bytes === null ? null : Math.round(bytes * 8);
    const rise = (of: Entry, field: string): number | null => rises.rise(`${of.id} ${field}`, number(of[field]) ?? 0);

    const losses: { lost: number | null; all: number | null }[] = [];
    const lines = inbound.map((one): LineReading => {
      const [packets, lost, samples, emitted] = [rise(one, "packetsReceived"), rise(one, "packetsLost"), rise(one, "totalSamplesReceived"), rise(one, "jitterBufferEmittedCount")];
      const sent = sum([packets, lost]);
      losses.push({ lost, all: sent });
      const share = (field: string): number | null => part(rise(one, field), samples);
      const waits = (field: string): number | null => {
        const seconds = rise(one, field);
        return seconds === null || !emitted || !packets ? null : (seconds / emitted) * 1_000;
      };
      // What is made up while nobody speaks is no fault.
      const madeUp = less(rise(one, "concealedSamples"), rise(one, "silentConcealedSamples"));
      const stretched = sum([share("insertedSamplesForDeceleration"), share("removedSamplesForAcceleration")]);
      const jitter = number(one["jitter"]);
      return {
        mid: String(one["mid"] ?? one.id),
        user: null,
        kind: "microphone",
        figures: {
          bufferMs: waits("jitterBufferDelay"),
          targetMs: waits("jitterBufferTargetDelay"),
          jitterMs: packets && jitter !== null ? jitter * 1_000 : null,
          packets: rate(one, "packetsReceived"),
          loss: part(lost, sent),
          late: part(rise(one, "packetsDiscarded"), packets),
          repaired: part(less(rise(one, "fecPacketsReceived"), rise(one, "fecPacketsDiscarded")), sent),
          concealed: part(madeUp, samples),
          stretched,
        },
      };
    });
    const rtt = number(pair?.["currentRoundTripTime"]);
    return {
      own: {
        payloadBps: bits(rate(outbound, "bytesSent")),
        upBps: bits(rate(pair, "bytesSent")),
        downBps: bits(rate(pair, "bytesReceived")),
        packetsUp: rate(outbound, "packetsSent"),
        packetsDown: sum(lines.map(({ figures }) => figures.packets ?? null)),
        lossUp: number(remote?.["fractionLost"]),
        lossDown: part(sum(losses.map(({ lost }) => lost)), sum(losses.map(({ all: every }) => every))),
        rttMs: rtt === null ? null : rtt * 1_000,
      },
      lines,
      codec: typeof codec === "string" ? codec.replace(/^audio\//, "") : null,
      path: pair ? pathOf(named(pair["localCandidateId"]), named(pair["remoteCandidateId"])) : null,
    };
  }
}

function pathOf(local: Entry | undefined, remote: Entry | undefined): PathFacts | null {
  const protocol = local?.["protocol"];
  return protocol === "udp" || protocol === "tcp" ? { protocol, local: end(local), remote: end(remote) } : null;
}

function end(candidate: Entry | undefined): PathEnd {
  const [kind, address] = [candidate?.["candidateType"], candidate?.["address"]];
  // A browser may hide its own address behind a name.
  const known = typeof address === "string" && /^[\d.]+$|:/.test(address);
  return { candidate: typeof kind === "string" ? kind : null, v6: known ? address.includes(":") : null };
}

const number = (found: unknown): number | null => (typeof found === "number" ? found : null);
const less = (all: number | null, some: number | null): number | null => (all === null ? null : Math.max(0, all - (some ?? 0)));
