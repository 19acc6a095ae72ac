import { execFileSync } from "node:child_process";

/* A local network of two machines: network namespaces of Linux with a cable between them, and no way out. */

const root = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
/** For measurements, and in use nowhere (RFC 2544, appendix C.2.2). */
const NET = "198.19.0";

function run(...line: string[]): void {
  const [program, ...flags] = [...root, ...line];
  execFileSync(program!, flags, { stdio: ["ignore", "ignore", "pipe"] });
}

export type Machine = 1 | 2;

export class Lan {
  readonly #name = `snug-lan-${process.pid}`;

  constructor() {
    for (const machine of [1, 2] as const) run("ip", "netns", "add", this.#machine(machine));
    run("ip", "-n", this.#machine(1), "link", "add", "cable1", "type", "veth", "peer", "name", "cable2", "netns", this.#machine(2));
    for (const machine of [1, 2] as const) {
      const inside = (...line: string[]): void => run("ip", "-n", this.#machine(machine), ...line);
      inside("link", "set", "lo", "up");
      inside("address", "add", `${this.address(machine)}/24`, "dev", `cable${machine}`);
      inside("link", "set", `cable${machine}`, "up");
    }
  }

  address(machine: Machine): string {
    return `${NET}.${machine}`;
  }

  /** The line that runs a program on a machine. */
  line(machine: Machine, ...program: string[]): string[] {
    return [...root, "ip", "netns", "exec", this.#machine(machine), ...program];
  }

  /** Nothing of it is left. */
  end(): void {
    for (const machine of [1, 2] as const) run("ip", "netns", "delete", this.#machine(machine));
  }

  #machine(machine: Machine): string {
    return `${this.#name}-${machine}`;
  }
}
