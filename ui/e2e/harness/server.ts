import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** What `scripts/test` built, or what a developer built last. */
const BINARY = process.env["SNUG_SERVER_BINARY"] ?? resolve(import.meta.dirname, "../../../target/debug/snug-server");

const START_MS = 20_000;

export interface ServerOptions {
  /** As a host would run it, with rate limits. */
  limits?: boolean;
  /** Where it listens: 127.0.0.1 if nothing is said. */
  address?: string;
  /** With a certificate that it makes itself. */
  selfSigned?: boolean;
}

/** A server of its own, on a free port with empty data. It can be stopped, killed and started again. */
export class SnugServer {
  #process: ChildProcess | null = null;
  #log = "";

  private constructor(
    private readonly data: string,
    private readonly options: ServerOptions,
  ) {}

  /** Where it is: `http://address:port`, the same after a restart. */
  base = "";
  /** Of the certificate that it made itself, as it prints it. */
  fingerprint = "";

  static async start(options: ServerOptions = {}): Promise<SnugServer> {
    const server = new SnugServer(await mkdtemp(join(tmpdir(), "snug-e2e-")), options);
    await server.run();
    return server;
  }

  /** Starts it (again) on the same data and port. */
  async run(): Promise<void> {
    const listen = this.base === "" ? `${this.options.address ?? "127.0.0.1"}:0` : new URL(this.base).host;
    const flags = ["--data", this.data, "--listen", listen, ...(this.options.limits ? [] : ["--no-rate-limits"]), ...(this.options.selfSigned ? ["--tls", "self-signed"] : [])];
    const child = spawn(BINARY, flags, { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    child.stderr.on("data", (text: Buffer) => (this.#log += text));
    this.base = await new Promise<string>((done, fail) => {
      const late = setTimeout(() => fail(new Error(`the server did not start:\n${this.#log}`)), START_MS);
      let out = "";
      child.stdout.on("data", (text: Buffer) => {
        out += text;
        const found = /https?:\/\/[\d.]+:\d+/.exec(out);
        // What it prints last.
        if (!found || !out.includes("Ctrl+C")) return;
        clearTimeout(late);
        this.fingerprint = /(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/i.exec(out)?.[0] ?? "";
        done(found[0]);
      });
      child.once("error", (error) => fail(new Error(`${BINARY} cannot be run (${error.message}): build it, or name it by SNUG_SERVER_BINARY`)));
      child.once("exit", (code) => fail(new Error(`the server ended with ${code}:\n${this.#log}`)));
    });
  }

  /** Lets it end as a host would. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** It has forgotten its certificate, and makes another one when it runs again. */
  async loseCertificate(): Promise<void> {
    await rm(join(this.data, "tls.pem"));
  }

  /** Ends it for good. */
  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  get log(): string {
    return this.#log;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((done) => {
      child.once("exit", () => done());
      child.kill(signal);
    });
  }
}
