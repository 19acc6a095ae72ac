import type { IconName } from "../../components/icons";

/** A program and system in words, from what it calls itself (`User-Agent`). */
export function deviceOf(agent: string): { name: string; icon: IconName } {
  const program = PROGRAMS.find(([, mark]) => mark.test(agent))?.[0];
  const system = SYSTEMS.find(([, mark]) => mark.test(agent))?.[0];
  const icon: IconName = /Mobile|Android|iPhone|iPad/.test(agent) ? "phone" : "screen";
  if (program === undefined && system === undefined) return { name: agent.trim() === "" ? "Unknown device" : agent.slice(0, 80), icon: agent.trim() === "" ? "screen" : "code" };
  return { name: [program ?? "A browser", system].filter(Boolean).join(" on "), icon };
}

/* The order matters: most browsers also name those that came before them. */
const PROGRAMS: [string, RegExp][] = [
  ["Snug for desktop", /Snug\//],
  ["Edge", /Edg(e|A|iOS)?\//],
  ["Opera", /OPR\/|Opera/],
  ["Samsung Internet", /SamsungBrowser\//],
  ["Vivaldi", /Vivaldi\//],
  ["Firefox", /Firefox\/|FxiOS\//],
  ["Chromium", /Chromium\//],
  ["Chrome", /Chrome\/|CriOS\//],
  ["Safari", /Safari\//],
  ["curl", /^curl\//],
];

const SYSTEMS: [string, RegExp][] = [
  ["Android", /Android/],
  ["iPhone", /iPhone/],
  ["iPad", /iPad/],
  ["Windows", /Windows/],
  ["ChromeOS", /CrOS/],
  ["macOS", /Mac OS X|Macintosh/],
  ["Linux", /Linux|X11/],
];
