import type { BufferStats, Direction, LineStats, PathStats, Used, VoiceStats } from "../../protocol/desktop";
import type { DeviceFacts, LineReading, PathFacts, Reading } from "../voice/reading";
import { part, Rises, sum } from "../voice/rises";

/** Samples in a second on the wire and in the call. */
const RATE = 48_000;

/** Makes readings of what the engine tells. */
export class StatsReader {
  readonly #rises = new Rises();

  /** `used`: what the devices are called. */
  read(stats: VoiceStats, used: Record<Direction, Used>): Reading {
    const { microphone, speaker, sent, network } = stats;
    this.#rises.begin(stats.at);
    const rate = (name: string, value: number): number | null => this.#rises.rate(name, value);
    const bits = (name: string, bytes: number): number | null => {
      const found = rate(name, bytes);
      return found === null ? null : Math.round(found * 8);
    };
    const measured = stats.lines.map((line) => this.#line(line));
    const encoded = this.#rises.rise("encoded", sent.encoded);
    const payload = this.#rises.rise("payload", sent.payload);
    return {
      at: stats.at,
      own: {
        heardDb: stats.heard_db,
        processedDb: stats.processed_db,
        playedDb: stats.played_db,
        open: stats.open,
        workMs: stats.work_median_us / 1_000,
        workLongestMs: stats.work_longest_us / 1_000,
        inWaitingMs: time(microphone, "waiting"),
        inTargetMs: time(microphone, "target"),
        inDriftPpm: microphone?.drift_ppm ?? null,
        outWaitingMs: time(speaker, "waiting"),
        outTargetMs: time(speaker, "target"),
        outDriftPpm: speaker?.drift_ppm ?? null,
        encodedBps: bits("encoder", sent.encoded),
        payloadBps: bits("sent", sent.payload),
        copies: payload === null || encoded === null ? null : part(payload - encoded, payload),
        upBps: bits("up", network.sent),
        downBps: bits("down", network.received),
        packetsUp: rate("packets", sent.packets),
        packetsDown: sum(measured.map(({ line }) => line.figures.packets ?? null)),
        // No report has come before there is a way.
        lossUp: network.path === null ? null : network.uplink_loss,
        lossDown: part(sum(measured.map(({ lost }) => lost)), sum(measured.map(({ all }) => all))),
        rttMs: network.round_trip_us === null ? null : network.round_trip_us / 1_000,
      },
      lines: measured.map(({ line }) => line),
      facts: {
        microphone: device(microphone, used.input),
        speaker: device(speaker, used.output),
        stack: network.stack,
        codec: sent.packets > 0 ? "opus in red" : null,
        path: network.path && path(network.path),
        bitrate: sent.bitrate === 0 ? null : sent.bitrate,
        narrowed: sent.narrowed,
        realTime: stats.real_time,
        echoDb: stats.echo_reduction_db,
      },
    };
  }

  #line(stats: LineStats): { line: LineReading; lost: number | null; all: number | null } {
    const { mid, track } = stats;
    // A line that carries somebody else counts anew.
    const name = (field: string): string => `${mid} ${track?.user_id ?? ""} ${field}`;
    const rise = (field: "received" | "lost" | "late" | "from_red" | "from_fec" | "played" | "concealed" | "shortened" | "lengthened"): number | null => this.#rises.rise(name(field), stats[field]);
    const [received, lost, played] = [rise("received"), rise("lost"), rise("played")];
    const all = sum([received, lost]);
    const speaks = (received ?? 0) > 0;
    const millis = (micros: number): number | null => (speaks ? micros / 1_000 : null);
    const line: LineReading = {
      mid,
      user: track?.user_id ?? null,
      kind: track?.kind ?? "microphone",
      figures: {
        bufferMs: millis(stats.delay_us),
        targetMs: millis(stats.target_us),
        jitterMs: millis(stats.jitter_us),
        packets: this.#rises.rate(name("packets"), stats.received),
        loss: part(lost, all),
        late: part(rise("late"), received),
        repaired: part(sum([rise("from_red"), rise("from_fec")]), all),
        concealed: part(rise("concealed"), played),
        stretched: part(sum([rise("shortened"), rise("lengthened")]), played),
      },
    };
    return { line, lost, all };
  }
}

const time = (buffer: BufferStats | null, field: "waiting" | "target"): number | null => (buffer === null ? null : (buffer[field] / buffer.rate) * 1_000);

function device(buffer: BufferStats | null, used: Used): DeviceFacts | null {
  if (used.at !== "open") return null;
  return { name: used.name, rate: buffer?.rate ?? RATE, callback: buffer?.callback ?? null, ...(buffer ? { gaps: buffer.gaps } : {}) };
}

// The engine knows no other way than UDP.
const path = ({ local, remote }: PathStats): PathFacts => ({ protocol: "udp", local, remote });
