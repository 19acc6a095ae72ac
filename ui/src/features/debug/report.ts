import type { Figures, Note, Reading } from "../../backend/voice/reading";
import { columnsOf, heardIn, lacking, lineOf, measured, type Summary, summaryOf, timelineOf } from "./columns";
import { factsOf } from "./facts";
import { type Group, SECTIONS } from "./sections";
import { amount } from "./units";

/** This program, and what it runs on. */
export interface About {
  program: string;
  version: string | null;
  protocol: number;
  system: string;
}

/** All that is shown, as Markdown: to be sent to whoever is to find out what is wrong. People are numbered, and no address is in it. */
export function reportOf(about: About, readings: readonly Reading[], notes: readonly Note[], now: Date): string {
  const last = readings.at(-1);
  const line = timelineOf(readings);
  const seconds = readings.length < 2 ? 0 : Math.round((last!.at - readings[0]!.at) / 1_000);
  const text = [
    "# Snug: how voice is",
    "",
    `- Made: ${now.toISOString()}`,
    `- Program: ${about.program} ${about.version ?? "(version not known)"}`,
    `- Protocol: ${about.protocol}`,
    `- System: ${about.system}`,
    `- Measured: ${readings.length} times in ${seconds} s`,
  ];
  for (const section of SECTIONS) {
    text.push("", `## ${section.title}`);
    if (section.id === "health") {
      text.push("", ...(notes.length === 0 ? ["Nothing happened."] : notes.map(({ at, text: words, bad }) => `- ${new Date(at).toISOString()} ${bad ? "!" : "·"} ${words}`)));
      continue;
    }
    if (last === undefined) {
      text.push("", "Nothing was measured.");
      continue;
    }
    const facts = factsOf(section.id, last.facts);
    if (facts.length > 0) text.push("", ...facts.map(([what, value]) => `- ${what}: ${value}`));
    text.push(...table(section.own, line.readings.map((reading) => reading?.own)));
    const { kinds, groups } = section.lines ?? { kinds: [], groups: [] };
    for (const [index, heard] of heardIn(readings, kinds).entries()) {
      text.push("", `### Person ${index + 1}${heard.kind === "screen_sound" ? ", the sound of their screen" : ""}`);
      text.push(...table(groups, line.readings.map((reading) => lineOf(reading, heard)?.figures)));
    }
    const without = lacking(section, last);
    if (without.length > 0) text.push("", `Not measured by this client: ${without.join("; ")}.`);
  }
  return `${text.join("\n")}\n`;
}

function table<F extends string>(groups: readonly Group<F>[], figures: (Figures<F> | undefined)[]): string[] {
  const last = figures.findLast((one) => one !== undefined);
  const rows = groups.flatMap((group) => {
    const known = measured(group, last);
    const columns = columnsOf({ ...group, series: known }, figures);
    return known.map((series, at) => row(`${group.title}: ${series.label}`, summaryOf(columns[at]!), (value) => amount(value, group.unit)));
  });
  return last === undefined || rows.length === 0 ? [] : ["", "| | now | least | median | most |", "|---|---:|---:|---:|---:|", ...rows];
}

const row = (what: string, { now, least, median, most }: Summary, words: (value: number | null) => string): string => `| ${[what, ...[now, least, median, most].map(words)].join(" | ")} |`;
