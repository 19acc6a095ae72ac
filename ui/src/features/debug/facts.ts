import { absurd } from "../../absurd";
import type { DeviceFacts, Facts, PathEnd } from "../../backend/voice/reading";
import type { SectionId } from "./sections";
import { amount } from "./units";

export type Fact = [what: string, value: string];

/** What is no figure, of a section. */
export function factsOf(section: SectionId, facts: Facts): Fact[] {
  switch (section) {
    case "devices":
      return [
        ["Microphone", deviceWords(facts.microphone, "microphone")],
        ["Speaker", deviceWords(facts.speaker, "speaker")],
        ...some("Voice thread", facts.realTime, (first) => (first ? "real-time" : "ordinary priority: sound may be late while this machine is busy")),
      ];
    case "microphone":
      return [
        ...some("Echo is reduced by", facts.echoDb, (db) => (db === null ? "nothing: it is off" : amount(db, "db"))),
        ...some("Wanted of the encoder", facts.bitrate, (bps) => (bps === null ? "nothing yet" : amount(bps, "bps"))),
        ...some("Spectrum", facts.narrowed, (narrowed) => (narrowed ? "up to 8 kHz, so that there is room for copies" : "all of it")),
        ["Codec", facts.codec ?? "not known yet"],
      ];
    case "speakers":
    case "health":
      return [];
    case "network":
      return [
        ["Carried by", facts.stack],
        ["Path", facts.path === null ? "none yet" : `${facts.path.protocol.toUpperCase()}, from ${endWords(facts.path.local)} to ${endWords(facts.path.remote)}`],
      ];
    default:
      return absurd(section);
  }
}

/** Nothing of what this client can never know. */
const some = <T>(what: string, value: T | undefined, words: (value: T) => string): Fact[] => (value === undefined ? [] : [[what, words(value)]]);

function deviceWords(device: DeviceFacts | null, noun: string): string {
  if (device === null) return "not open";
  const { name, rate, callback, gaps, latencyMs } = device;
  const parts = [name ?? `the ${noun} chosen in the system`];
  if (rate !== null) parts.push(`${Number((rate / 1_000).toFixed(1))} kHz`);
  if (callback !== null && callback > 0) parts.push(`${callback} samples at once${rate === null ? "" : ` (${amount((callback / rate) * 1_000, "ms")})`}`);
  if (latencyMs !== undefined) parts.push(`${amount(latencyMs, "ms")} to the ear`);
  if (gaps !== undefined) parts.push(gaps === 1 ? "1 gap" : `${gaps} gaps`);
  return parts.join(", ");
}

function endWords({ candidate, v6, reach }: PathEnd): string {
  const kind = { host: "an own address", srflx: "an address seen from outside", prflx: "an address seen by the other end", relay: "a relay" }[candidate ?? ""] ?? "an address";
  const where = reach && { loopback: "this machine only", private: "private", public: "public" }[reach];
  const more = [candidate, v6 === null ? null : v6 ? "IPv6" : "IPv4", where].filter((one) => one !== null && one !== undefined);
  return more.length === 0 ? kind : `${kind} (${more.join(", ")})`;
}
