import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/* A device that moves from one network to another: a network namespace of Linux with two cables to this machine. */

/** For measurements, and in use nowhere (RFC 2544, appendix C.2.2). */
const NET = "198.18";

const root = process.getuid?.() === 0 ? [] : ["sudo", "-n"];

function run(...line: string[]): void {
  const [program, ...flags] = [...root, ...line];
  execFileSync(program!, flags, { stdio: ["ignore", "ignore", "pipe"] });
}

/** Networks are numbered 0 and 1; it is on 0 first. */
export class Roaming {
  readonly #name = `snug-${process.pid}`;
  #on = 0;

  constructor() {
    run("ip", "netns", "add", this.#name);
    this.#inside("ip", "link", "set", "lo", "up");
    for (const network of [0, 1]) {
      const [here, there] = [this.#here(network), `there${network}`];
      run("ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns", this.#name);
      // An address of IPv6 comes up a second later, and browsers end what they load when addresses change.
      run("sh", "-c", `echo 1 > /proc/sys/net/ipv6/conf/${here}/disable_ipv6`);
      run("ip", "address", "add", `${NET}.${network}.1/24`, "dev", here);
      run("ip", "link", "set", here, "up");
      // As any router does, it takes nothing from an address of another network.
      run("sh", "-c", `echo 1 > /proc/sys/net/ipv4/conf/${here}/rp_filter`);
    }
    this.#plug(0);
  }

  /** Where a server on this machine is reached from both networks. */
  readonly server = `${NET}.0.1`;

  /** The line that runs a program on the device. */
  readonly line = (program: string[]): string[] => [...root, "ip", "netns", "exec", this.#name, ...program];

  /** A program that runs another one there. */
  program(folder: string): (program: string) => string {
    return (program) => {
      const file = join(folder, "elsewhere");
      writeFileSync(file, `#!/bin/sh\nexec ${this.line([program]).join(" ")} "$@"\n`);
      chmodSync(file, 0o755);
      return file;
    };
  }

  /** The one network is gone, and the other is there: when it is. */
  move(): number {
    this.#inside("ip", "address", "flush", "dev", `there${this.#on}`);
    this.#inside("ip", "link", "set", `there${this.#on}`, "down");
    this.#on = 1 - this.#on;
    this.#plug(this.#on);
    return performance.now();
  }

  /** Nothing of it is left. */
  end(): void {
    // Without its cables first, their addresses would stay for a moment.
    for (const network of [0, 1]) run("ip", "link", "delete", this.#here(network));
    run("ip", "netns", "delete", this.#name);
  }

  #here(network: number): string {
    return `sn${process.pid}h${network}`;
  }

  #plug(network: number): void {
    const cable = `there${network}`;
    this.#inside("ip", "link", "set", cable, "up");
    this.#inside("ip", "address", "replace", `${NET}.${network}.2/24`, "dev", cable);
    this.#inside("ip", "route", "replace", "default", "via", `${NET}.${network}.1`);
  }

  #inside(...line: string[]): void {
    run("ip", "netns", "exec", this.#name, ...line);
  }
}
