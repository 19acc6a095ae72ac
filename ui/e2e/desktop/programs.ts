import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { resolve } from "node:path";

/* What a desktop consists of, each with nothing of whoever runs the tests: a screen, sound, and a program that drives windows. */

const START_MS = 30_000;
const END_MS = 5_000;
/** What `scripts/test` built, or what a developer built last. */
const SESSION = process.env["SNUG_SESSION_EXAMPLE"] ?? resolve(import.meta.dirname, "../../../target/debug/examples/session");

export type Variables = Record<string, string>;

/** Until it holds, or the patience is over. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false> | T | undefined | false, patience = START_MS): Promise<T> {
  const late = performance.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > late) throw new Error(`waited in vain until ${what}`);
    await sleep(40);
  }
}

/** Ends a program, and waits until it has. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise<void>((done) => child.once("exit", () => done()));
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await over;
  clearTimeout(late);
}

/** The same, for all that it has started: WebKit writes down what a page has kept when its app is gone. */
export async function endGroup(leader: ChildProcess): Promise<void> {
  await end(leader);
  const signal = (signal: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(-leader.pid!, signal);
    } catch {
      // Nobody is left.
      return false;
    }
  };
  await until("all have ended", () => !signal(0), END_MS).catch(() => signal("SIGKILL"));
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => void server.close(() => done()));
  return port;
}

/** A screen of its own, with a window manager. */
export class Screen {
  private constructor(
    readonly display: string,
    private readonly programs: ChildProcess[],
  ) {}

  static async start(size = "1400x900"): Promise<Screen> {
    const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", `${size}x24`, "-nolisten", "tcp", "-noreset"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    const failed = new Promise<never>((_, fail) => server.once("error", (error) => fail(new Error(`Xvfb: ${error.message}`))));
    const told = new Promise<string>((done) => server.stdio[3]!.once("data", (text: Buffer) => done(text.toString().trim())));
    const display = `:${await Promise.race([told, failed])}`;
    const manager = spawn("openbox", [], { stdio: "ignore", env: { ...process.env, DISPLAY: display } });
    return new Screen(display, [manager, server]);
  }

  async close(): Promise<void> {
    for (const program of this.programs) await end(program);
  }
}

/** Sound devices, and the session that they belong to: see engine/session/examples/session.rs for what it can be told. */
export class SoundSession {
  #answers: ((line: string) => void)[] = [];

  private constructor(
    private readonly program: ChildProcess,
    readonly variables: Variables,
  ) {}

  static async start(): Promise<SoundSession> {
    const program = spawn(SESSION, { stdio: ["pipe", "pipe", "inherit"] });
    const failed = new Promise<never>((_, fail) => {
      program.once("error", (error) => fail(new Error(`${SESSION} cannot be run (${error.message}): build it, or name it by SNUG_SESSION_EXAMPLE`)));
      program.once("exit", (code) => fail(new Error(`the session ended with ${code}`)));
    });
    failed.catch(() => undefined);
    const variables: Variables = {};
    let begun = (): void => undefined;
    const ready = new Promise<void>((done) => (begun = done));
    const session = new SoundSession(program, variables);
    let head = true;
    createInterface(program.stdout!).on("line", (line) => {
      if (!head) return session.#answers.shift()?.(line);
      const at = line.indexOf("=");
      if (at > 0) variables[line.slice(0, at)] = line.slice(at + 1);
      else {
        head = false;
        begun();
      }
    });
    await Promise.race([ready, failed]);
    return session;
  }

  async tell(...words: string[]): Promise<void> {
    const answer = new Promise<string>((done, fail) => {
      this.#answers.push(done);
      this.program.once("exit", () => fail(new Error("the session is over")));
    });
    this.program.stdin!.write(`${words.join(" ")}\n`);
    const said = await answer;
    if (said !== "ok") throw new Error(`${words.join(" ")}: ${said}`);
  }

  async close(): Promise<void> {
    // It ends with its input, and what it has started with it.
    const over = new Promise<void>((done) => this.program.once("exit", () => done()));
    this.program.stdin!.end();
    await over;
  }
}
