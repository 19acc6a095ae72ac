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
const SURROUNDINGS = process.env["SNUG_SURROUNDINGS_EXAMPLE"] ?? resolve(import.meta.dirname, "../../../target/debug/examples/surroundings");

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

/** A program that does what it is told, a line each, with a line for an answer. It ends with its input, and what it has started with it. */
class Helper {
  #answers: ((line: string) => void)[] = [];
  readonly #over: Promise<void>;

  private constructor(
    private readonly program: ChildProcess,
    name: string,
  ) {
    this.#over = new Promise((done) => program.once("exit", () => done()));
    this.failed = new Promise((_, fail) => {
      program.once("error", (error) => fail(new Error(`${name} cannot be run (${error.message}): scripts/test builds it`)));
      program.once("exit", (code) => fail(new Error(`${name} ended with ${code}`)));
    });
    this.failed.catch(() => undefined);
  }

  /** Rejects when it is over. */
  readonly failed: Promise<never>;

  /** Starts it, and hands over each line up to the one that it is ready with. */
  static async start(name: string, variables: Variables, head: (line: string) => boolean): Promise<Helper> {
    const program = spawn(name, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...variables } });
    const helper = new Helper(program, name);
    let begun = (): void => undefined;
    const ready = new Promise<void>((done) => (begun = done));
    let reading = true;
    createInterface(program.stdout!).on("line", (line) => {
      if (!reading) return helper.#answers.shift()?.(line);
      if (!head(line)) return;
      reading = false;
      begun();
    });
    await Promise.race([ready, helper.failed]);
    return helper;
  }

  async tell(...words: string[]): Promise<string> {
    const answer = new Promise<string>((done) => this.#answers.push(done));
    this.program.stdin!.write(`${words.join(" ")}\n`);
    const said = await Promise.race([answer, this.failed]);
    if (said.startsWith("failed: ")) throw new Error(`${words.join(" ")}: ${said}`);
    return said;
  }

  async close(): Promise<void> {
    this.program.stdin!.end();
    await this.#over;
  }
}

/** Sound devices, and the session that they belong to: see engine/session/examples/session.rs for what it can be told. */
export class SoundSession {
  private constructor(
    private readonly helper: Helper,
    readonly variables: Variables,
  ) {}

  static async start(): Promise<SoundSession> {
    const variables: Variables = {};
    const helper = await Helper.start(SESSION, {}, (line) => {
      const at = line.indexOf("=");
      if (at > 0) variables[line.slice(0, at)] = line.slice(at + 1);
      return at <= 0;
    });
    return new SoundSession(helper, variables);
  }

  async tell(...words: string[]): Promise<void> {
    await this.helper.tell(...words);
  }

  close(): Promise<void> {
    return this.helper.close();
  }
}

/** How the icon in the tray looks. */
export interface Icon {
  tooltip: string;
  entries: string[];
}

export interface Note {
  id: number;
  title: string;
  body: string;
}

/** A panel with a tray, notifications and a logind, on a session's bus: see src-tauri/examples/surroundings.rs. */
export class Surroundings {
  private constructor(private readonly helper: Helper) {}

  static async start(variables: Variables): Promise<Surroundings> {
    return new Surroundings(await Helper.start(SURROUNDINGS, variables, (line) => line === "ready"));
  }

  async icon(): Promise<Icon | null> {
    return JSON.parse(await this.helper.tell("icon")) as Icon | null;
  }

  async notes(): Promise<Note[]> {
    return JSON.parse(await this.helper.tell("notes")) as Note[];
  }

  /** A click on the icon. */
  async click(): Promise<void> {
    await this.helper.tell("click");
  }

  /** A click on an entry of its menu. */
  async choose(entry: string): Promise<void> {
    await this.helper.tell("choose", entry);
  }

  /** A click on a note. */
  async open(note: Note): Promise<void> {
    await this.helper.tell("open", String(note.id));
  }

  async sleep(): Promise<void> {
    await this.helper.tell("sleep");
  }

  async wake(): Promise<void> {
    await this.helper.tell("wake");
  }

  close(): Promise<void> {
    return this.helper.close();
  }
}
