import type { MediaPath, PeerStats } from "../../protocol/generated";
import { absurd } from "../../absurd";

export type Grade = "good" | "fair" | "bad" | "unknown";

/** From where on talk is harder, and from where on it is hard. ITU-T G.114 has 150 ms one way as the limit for ease. */
const LIMITS = { rttMs: [150, 300], lossPermille: [20, 80], jitterMs: [30, 60] } as const;

export interface Finding {
  grade: Grade;
  /** Why it is not good, in words; nothing when it is. */
  cause: string | null;
}

const gradeOf = (value: number, [fair, bad]: readonly [number, number]): Grade => (value >= bad ? "bad" : value >= fair ? "fair" : "good");
const WORSE: Grade[] = ["unknown", "good", "fair", "bad"];

/** How well somebody is connected, and the worst reason why not. `self`: it is about oneself. */
export function judge(stats: PeerStats, self: boolean): Finding {
  const [whose, whom] = self ? ["your", "you"] : ["their", "them"];
  if (stats.path === "none") return { grade: "unknown", cause: null };
  const findings: Finding[] = [
    { grade: gradeOf(stats.loss_up_permille, LIMITS.lossPermille), cause: `Part of what ${self ? "you say" : "they say"} is lost on ${whose} way to the server: weak Wi-Fi, or a line that something else fills.` },
    { grade: gradeOf(stats.loss_down_permille, LIMITS.lossPermille), cause: `Part of what is sent to ${whom} is lost: weak Wi-Fi, or a line that something else fills.` },
    { grade: gradeOf(stats.rtt_ms ?? 0, LIMITS.rttMs), cause: `The way between ${whom} and the server is long, or a full line holds packets up.` },
    { grade: gradeOf(stats.jitter_ms, LIMITS.jitterMs), cause: `${self ? "Your" : "Their"} packets come unevenly, as over Wi-Fi or mobile networks, so voices wait a little longer.` },
    { grade: stats.path === "tcp" ? "fair" : "good", cause: `${self ? "Your" : "Their"} network blocks UDP. Over TCP one lost packet holds up all that follow.` },
  ];
  const worst = findings.reduce((a, b) => (WORSE.indexOf(b.grade) > WORSE.indexOf(a.grade) ? b : a));
  return worst.grade === "good" ? { grade: "good", cause: null } : worst;
}

export const GRADE_WORDS: Record<Grade, string> = { good: "Good", fair: "Fair", bad: "Bad", unknown: "Not connected yet" };

export function pathWords(path: MediaPath): string {
  switch (path) {
    case "none":
      return "none yet";
    case "udp":
      return "UDP";
    case "tcp":
      return "TCP";
    default:
      return absurd(path);
  }
}

export const percent = (permille: number): string => `${(permille / 10).toLocaleString("en", { maximumFractionDigits: 1 })} %`;
export const bitrate = (bps: number): string => (bps === 0 ? "0 kb/s" : `${Math.max(1, Math.round(bps / 1_000))} kb/s`);

/** The short form of the voice bar: "18 ms, no loss". */
export function shortly(rttMs: number | null, loss: number): string {
  const lost = loss < 0.005 ? "no loss" : `${Math.round(loss * 100)} % lost`;
  return rttMs === null ? lost : `${rttMs} ms, ${lost}`;
}
