import { readdirSync, readFileSync } from "node:fs";

/* What a program and all that it started take, as Linux tells it: proc_pid_smaps_rollup(5), proc_pid_stat(5). */

/** Linux tells processor time in these: a hundredth of a second (sysconf(_SC_CLK_TCK) is 100 on every architecture that there is). */
const TICK_MS = 10;
const MIB = 1024;

interface Process {
  pid: number;
  parent: number;
  ticks: number;
}

/** The fields after the name, which may hold anything, even parentheses. */
function read(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { pid, parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}

const all = (): Process[] => readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (read(Number(name)) ?? []) : []));

/** A process and its descendants. */
export function family(root: number): Process[] {
  const processes = all();
  const found = processes.filter((one) => one.pid === root);
  for (const one of found) found.push(...processes.filter((other) => other.parent === one.pid && !found.includes(other)));
  return found;
}

export const childrenOf = (pid: number): number[] => all().filter((one) => one.parent === pid).map((one) => one.pid);

/** With its arguments. */
export const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");

/** Proportional set size, in MiB: what is shared is counted by shares. */
export function pssMib(root: number): number {
  const kib = family(root).map(({ pid }) => {
    try {
      return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return kib.reduce((sum, one) => sum + one, 0) / MIB;
}

/** Processor time, in milliseconds. What a process took that ended meanwhile is not in it. */
export const processorMs = (root: number): number => family(root).reduce((sum, one) => sum + one.ticks, 0) * TICK_MS;
