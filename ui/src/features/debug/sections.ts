import type { LineFigure, OwnFigure } from "../../backend/voice/reading";
import type { TrackKind } from "../../protocol/generated";
import type { Unit } from "./units";

/*
 * What is shown, and how: all of it. What is measured in addition (pictures, say) is named in `backend/voice/reading.ts`, and shown by one more
 * section here: its own groups, or `lines` for those who send it. Plots, legends, report and the list of what a client lacks follow.
 */

export interface Series<F extends string> {
  figure: F;
  label: string;
  /** Which colour; lines of one plot differ in it, and what is wanted is dashed. */
  ink: 0 | 1 | 2 | 3;
  dashed?: boolean;
}

/** One plot. */
export interface Group<F extends string> {
  title: string;
  unit: Unit;
  /** The scale: from `least` (0 unless it is said), and at least up to `most`; no further if it is `fixed`. */
  least?: number;
  most: number;
  fixed?: boolean;
  series: Series<F>[];
}

export type SectionId = "devices" | "microphone" | "speakers" | "network" | "health";

export interface Section {
  id: SectionId;
  title: string;
  /** Of this device and its connection. */
  own: Group<OwnFigure>[];
  /** Of each who is heard, or seen, by what they send. */
  lines?: { kinds: TrackKind[]; groups: Group<LineFigure>[] };
}

export const SECTIONS: Section[] = [
  {
    id: "devices",
    title: "Devices",
    own: [
      {
        title: "Buffers",
        unit: "ms",
        most: 20,
        series: [
          { figure: "inWaitingMs", label: "Microphone", ink: 0 },
          { figure: "inTargetMs", label: "Microphone, wanted", ink: 0, dashed: true },
          { figure: "outWaitingMs", label: "Speaker", ink: 1 },
          { figure: "outTargetMs", label: "Speaker, wanted", ink: 1, dashed: true },
        ],
      },
      {
        title: "Clock drift",
        unit: "ppm",
        least: -50,
        most: 50,
        series: [
          { figure: "inDriftPpm", label: "Microphone", ink: 0 },
          { figure: "outDriftPpm", label: "Speaker", ink: 1 },
        ],
      },
      {
        title: "Processing of 10 ms",
        unit: "ms",
        most: 4,
        series: [
          { figure: "workMs", label: "Median", ink: 2 },
          { figure: "workLongestMs", label: "Longest", ink: 3 },
        ],
      },
    ],
  },
  {
    id: "microphone",
    title: "Microphone",
    own: [
      {
        title: "Level",
        unit: "db",
        least: -90,
        most: 0,
        fixed: true,
        series: [
          { figure: "heardDb", label: "As it comes", ink: 1 },
          { figure: "processedDb", label: "After processing", ink: 0 },
        ],
      },
      { title: "Gate", unit: "part", most: 1, fixed: true, series: [{ figure: "open", label: "Open", ink: 2 }] },
      {
        title: "Encoder",
        unit: "bps",
        most: 80_000,
        series: [
          { figure: "encodedBps", label: "Voice", ink: 0 },
          { figure: "payloadBps", label: "With copies (RED)", ink: 3 },
        ],
      },
      { title: "Copies (RED)", unit: "part", most: 1, fixed: true, series: [{ figure: "copies", label: "Of what is sent", ink: 3 }] },
    ],
  },
  {
    id: "speakers",
    title: "Speakers",
    own: [{ title: "Everyone, as played", unit: "db", least: -90, most: 0, fixed: true, series: [{ figure: "playedDb", label: "Level", ink: 1 }] }],
    lines: {
      kinds: ["microphone", "screen_sound"],
      groups: [
        {
          title: "Jitter buffer",
          unit: "ms",
          most: 80,
          series: [
            { figure: "bufferMs", label: "Depth", ink: 0 },
            { figure: "targetMs", label: "Target", ink: 0, dashed: true },
            { figure: "jitterMs", label: "Jitter", ink: 1 },
          ],
        },
        {
          title: "Packets",
          unit: "part",
          most: 0.05,
          series: [
            { figure: "loss", label: "Lost", ink: 0 },
            { figure: "late", label: "Too late", ink: 3 },
            { figure: "repaired", label: "Repaired (RED, FEC)", ink: 2 },
          ],
        },
        {
          title: "Sound",
          unit: "part",
          most: 0.05,
          series: [
            { figure: "concealed", label: "Made up", ink: 0 },
            { figure: "stretched", label: "Stretched", ink: 1 },
          ],
        },
      ],
    },
  },
  {
    id: "network",
    title: "Network",
    own: [
      { title: "Round trip", unit: "ms", most: 60, series: [{ figure: "rttMs", label: "There and back", ink: 0 }] },
      {
        title: "Loss",
        unit: "part",
        most: 0.05,
        series: [
          { figure: "lossUp", label: "To the server", ink: 0 },
          { figure: "lossDown", label: "From the server", ink: 1 },
        ],
      },
      {
        title: "Throughput",
        unit: "bps",
        most: 160_000,
        series: [
          { figure: "upBps", label: "Sent", ink: 0 },
          { figure: "downBps", label: "Received", ink: 1 },
        ],
      },
      {
        title: "Packets of sound",
        unit: "rate",
        most: 60,
        series: [
          { figure: "packetsUp", label: "Sent", ink: 0 },
          { figure: "packetsDown", label: "Received", ink: 1 },
        ],
      },
    ],
  },
  { id: "health", title: "Health", own: [] },
];
