import type { TrackKind, UserId } from "../../protocol/generated";
import type { OwnStats } from "./engine";

/*
 * What an engine measures, about once a second. Each figure has a name, and what shows it is a table (`features/debug/sections.ts`). An
 * engine leaves out what it can never know, and says null of what it does not know now.
 */

/** Of this device and its connection. Rates are per second, parts from 0 to 1. */
export type OwnFigure =
  /** The loudest 10 ms, in dBFS: as the microphone gave it, after processing, and what was played. */
  | "heardDb"
  | "processedDb"
  | "playedDb"
  /** The part of the time in which the microphone was let through. */
  | "open"
  /** What 10 ms took to reckon, in milliseconds: the median, and the longest. */
  | "workMs"
  | "workLongestMs"
  /** What waits between the microphone and the call, what should, and how much faster its clock is. */
  | "inWaitingMs"
  | "inTargetMs"
  | "inDriftPpm"
  /** The same of the loudspeaker. */
  | "outWaitingMs"
  | "outTargetMs"
  | "outDriftPpm"
  /** What the encoder makes, and with copies of earlier frames. */
  | "encodedBps"
  | "payloadBps"
  /** Of what is sent, the part that is copies. */
  | "copies"
  /** All that goes through, with its headers. */
  | "upBps"
  | "downBps"
  | "packetsUp"
  | "packetsDown"
  | "lossUp"
  | "lossDown"
  | "rttMs";

/** Of somebody who is heard. */
export type LineFigure =
  /** How long their voice waits in the jitter buffer, how long it should, and how unevenly packets come. */
  | "bufferMs"
  | "targetMs"
  | "jitterMs"
  | "packets"
  /** Of their packets, those that did not come, and those that came too late. */
  | "loss"
  | "late"
  /** Of their packets, those that were had from another one: by a copy (RED), or by what repairs the one before it (FEC). */
  | "repaired"
  /** Of what was played, what was made up, and what was put in or taken out to change the delay. */
  | "concealed"
  | "stretched";

export type Figures<F extends string> = Partial<Record<F, number | null>>;

export interface Reading {
  /** Milliseconds since 1970. */
  at: number;
  own: Figures<OwnFigure>;
  lines: LineReading[];
  facts: Facts;
}

/** One line of the server's. */
export interface LineReading {
  /** Names the line. */
  mid: string;
  /** Whom it carries; nothing: nobody now. */
  user: UserId | null;
  kind: TrackKind;
  figures: Figures<LineFigure>;
}

/** What is no figure. */
export interface Facts {
  /** Nothing: it is not open. */
  microphone: DeviceFacts | null;
  speaker: DeviceFacts | null;
  /** What carries the connection. */
  stack: string;
  codec: string | null;
  path: PathFacts | null;
  /** What the channel wants the encoder to make, in bits per second. */
  bitrate?: number | null;
  /** Whether the encoder is spared what is above 8 kHz, so that there is room for copies. */
  narrowed?: boolean;
  /** Whether the voice thread goes before ordinary ones. */
  realTime?: boolean;
  /** By how many decibels echo is reduced. */
  echoDb?: number | null;
}

export interface DeviceFacts {
  name: string | null;
  /** In Hz. */
  rate: number | null;
  /** What its callback moves at once, in samples of one channel. */
  callback: number | null;
  /** How often nothing was there in time since it was opened. */
  gaps?: number;
  /** How much later sound comes out than it is given to the system, in milliseconds. */
  latencyMs?: number;
}

export interface PathFacts {
  protocol: "udp" | "tcp";
  local: PathEnd;
  remote: PathEnd;
}

/** What kind of address it is, and never which. */
export interface PathEnd {
  candidate: string | null;
  v6: boolean | null;
  reach?: "loopback" | "private" | "public";
}

/** Something that got worse, or better. */
export interface Note {
  at: number;
  text: string;
  bad: boolean;
}

/** What of a reading everybody is shown. */
export function ownStats({ own, lines, facts }: Reading): OwnStats {
  const voices = lines.flatMap(({ user, kind, figures }) => (user === null || kind !== "microphone" ? [] : [{ user, figures }]));
  const lively = voices.map(({ figures }) => figures).filter(({ packets }) => (packets ?? 0) > 0);
  const highest = (figure: LineFigure): number => Math.round(Math.max(0, ...lively.map((one) => one[figure] ?? 0)));
  return {
    rttMs: own.rttMs === null || own.rttMs === undefined ? null : Math.round(own.rttMs),
    upBps: own.upBps ?? 0,
    downBps: own.downBps ?? 0,
    lossDown: own.lossDown ?? 0,
    jitterMs: highest("jitterMs"),
    bufferMs: highest("bufferMs"),
    path: facts.path?.protocol ?? null,
    codec: facts.codec,
    heard: Object.fromEntries(
      voices.map(({ user, figures }) => [
        user,
        { lossDown: figures.loss ?? 0, jitterMs: Math.round(figures.jitterMs ?? 0), bufferMs: Math.round(figures.bufferMs ?? 0), concealed: figures.concealed ?? 0 },
      ]),
    ),
  };
}
