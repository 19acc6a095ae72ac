import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { launch } from "../harness/browser";
import { House } from "../harness/house";
import { joinVoice, microphoneFlags, withVoice } from "../harness/voice";
import { readWav, type Sound } from "./compare";
import { speak, type Voice } from "./speech";

/* Those who take part in a call: each with a voice, and each by another program. */

/** What `scripts/test` built, or what a developer built last. */
const EXAMPLE = process.env["SNUG_CALL_EXAMPLE"] ?? resolve(import.meta.dirname, "../../../target/debug/examples/call");
/** A Python that has aiortc. */
const PYTHON = process.env["SNUG_AIORTC_PYTHON"] ?? "python3";

const START_MS = 60_000;

/** What is to be ended, however a test ends. */
const running = new Set<() => Promise<unknown>>();

/** Ends all programs and browsers that still run. */
export async function dismiss(): Promise<void> {
  const ends = [...running];
  running.clear();
  await Promise.all(ends.map((end) => end()));
}

/** Somebody in a call. */
export interface Friend {
  /** Who, and by what. */
  name: string;
  voice: Voice;
  /** What they have heard since {@link listen}, or since they came: each line by itself, or all together. They leave. */
  leave(): Promise<Sound[]>;
  /** All are there now: so many others. */
  listen(others: number): Promise<void>;
}

/** A program in a call, that says where it stands line by line. */
export class Program {
  /** With the time of each. */
  readonly lines: { text: string; at: number }[] = [];
  #rest = "";
  #complaints = "";
  #ended = false;
  #watchers = new Set<() => void>();
  readonly #process: ChildProcess;

  constructor(program: string, flags: string[]) {
    this.#process = spawn(program, flags, { stdio: ["pipe", "pipe", "pipe"] });
    this.#process.stdout!.on("data", (text: Buffer) => {
      const lines = (this.#rest + text.toString()).split("\n");
      this.#rest = lines.pop()!;
      for (const line of lines) this.lines.push({ text: line, at: performance.now() });
      this.#tell();
    });
    this.#process.stderr!.on("data", (text: Buffer) => (this.#complaints += text.toString()));
    this.#process.once("error", (error) => this.#end(error.message));
    this.#process.once("close", (code) => this.#end(`it ended with ${code}`));
    running.add(() => this.stop("SIGKILL"));
  }

  /** Waits until it says a line like this, beyond so many lines. */
  async says(wanted: RegExp, from = 0, patience = START_MS): Promise<{ text: string; at: number }> {
    const late = performance.now() + patience;
    for (;;) {
      const found = this.lines.slice(from).find((line) => wanted.test(line.text));
      if (found) return found;
      if (this.#ended || performance.now() > late) throw new Error(`waited in vain for ${wanted}:\n${this.lines.map((line) => line.text).join("\n")}\n${this.#complaints}`);
      await this.#news(late);
    }
  }

  /** Ends it as a terminal or the system would, and waits until it has. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    if (!this.#ended) this.#process.kill(signal);
    while (!this.#ended) await this.#news(performance.now() + START_MS);
  }

  press(key: string): void {
    this.#process.stdin!.write(key);
  }

  #news(until: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(() => wake(), Math.max(1, until - performance.now()));
      const wake = () => {
        clearTimeout(timer);
        this.#watchers.delete(wake);
        done();
      };
      this.#watchers.add(wake);
    });
  }

  #end(how: string): void {
    this.#ended = true;
    this.#complaints += how;
    this.#tell();
  }

  #tell(): void {
    for (const wake of this.#watchers) wake();
  }
}

interface PhoneOptions {
  /** What is said instead of words. */
  input?: string;
  /** The line that runs a program elsewhere. */
  elsewhere?: (program: string[]) => string[];
}

/** The engine, by the example that calls from a terminal. */
export function phone(
  home: House,
  voice: Voice,
  transport: "str0m" | "webrtc",
  folder: string,
  { input, elsewhere = (program) => program }: PhoneOptions = {},
): { program: Program; heard: string } {
  const heard = join(folder, `${voice}-heard.wav`);
  const flags = ["--server", home.base, "--invite", home.invite, "--name", `${voice}.${transport}`, "--transport", transport, "--raw"];
  const [program, ...rest] = elsewhere([EXAMPLE, ...flags, "--input", input ?? speak(voice, folder), "--repeat", "--output", heard]);
  return { program: new Program(program!, rest), heard };
}

export async function engineFriend(home: House, voice: Voice, transport: "str0m" | "webrtc", folder: string): Promise<Friend> {
  const { program, heard } = phone(home, voice, transport, folder);
  await program.says(/^Up$/);
  const leave = async () => {
    await program.stop("SIGINT");
    return readWav(heard);
  };
  return { name: `${voice} by ${transport}`, voice, leave, listen: async () => undefined };
}

export async function aiortcFriend(home: House, voice: Voice, folder: string): Promise<Friend> {
  const heard = join(folder, `${voice}-heard.wav`);
  const program = new Program(PYTHON, [resolve(import.meta.dirname, "aiortc_friend.py"), home.base, home.invite, `${voice}.aiortc`, speak(voice, folder), heard]);
  await program.says(/^Up$/);
  const leave = async () => {
    await program.stop("SIGTERM");
    return readWav(heard);
  };
  return { name: `${voice} by aiortc`, voice, leave, listen: async () => undefined };
}

/** Somebody whose browser can be looked into. */
export interface BrowserFriend extends Friend {
  page: Page;
  /** What they have heard since {@link Friend.listen}. */
  heard(): Promise<Sound[]>;
}

/** A browser of one's own, since a browser has one microphone. `pause`: after their words, in seconds. */
export async function chromiumFriend(home: House, voice: Voice, folder: string, pause?: number): Promise<BrowserFriend> {
  const browser = await launch(microphoneFlags(speak(voice, folder, pause)));
  running.add(() => browser.close());
  const view = Object.assign(new House(), { server: home.server, browser, owner: home.owner, space: home.space, general: home.general, invite: home.invite });
  const page = await withVoice(view, await home.friend(voice));
  const { channels } = await home.owner.api.spaces.get(home.space);
  await joinVoice(page, channels.find((channel) => channel.kind === "voice")!);
  const leave = async () => {
    const sound = await recorded(page);
    await browser.close();
    return sound;
  };
  return { name: `${voice} by Chromium`, voice, leave, listen: (others) => record(page, others), page, heard: () => recorded(page) };
}

declare global {
  interface Window {
    recordings: Float32Array[][];
  }
}

/** Records from now on what arrives by each line, when there is one for each other. */
async function record(page: Page, others: number): Promise<void> {
  const allArrive = (wanted: number): boolean => {
    const { pcs, sources, tracks } = window.ears;
    const mids = new Set(tracks.filter((one) => one.track).map((one) => one.mid));
    const lines = (pcs.at(-1)?.getTransceivers() ?? []).filter((one) => mids.has(one.mid ?? ""));
    return lines.filter((one) => sources.some(({ track }) => track === one.receiver.track)).length >= wanted;
  };
  await page.waitForFunction(allArrive, others, { timeout: START_MS });
  await page.evaluate(() => {
    const { pcs, sources } = window.ears;
    const arriving = new Set((pcs.at(-1)?.getReceivers() ?? []).map((one) => one.track));
    window.recordings = sources
      .filter(({ track }) => arriving.has(track))
      .map(({ analyser }) => {
        const blocks: Float32Array[] = [];
        // No worklet: the page's policy lets no code in but its own.
        const tap = analyser.context.createScriptProcessor(4096, 1, 1);
        tap.onaudioprocess = (event) => void blocks.push(event.inputBuffer.getChannelData(0).slice());
        analyser.connect(tap).connect(analyser.context.destination);
        return blocks;
      });
  });
}

/** What arrived, by line. */
async function recorded(page: Page): Promise<Sound[]> {
  const { rate, texts } = await page.evaluate(async () => {
    const text = async (blocks: Float32Array[]) => {
      const bytes = new Uint8Array(await new Blob(blocks as BlobPart[]).arrayBuffer());
      let text = "";
      for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
      return btoa(text);
    };
    return { rate: window.ears.sources[0]!.analyser.context.sampleRate, texts: await Promise.all(window.recordings.map(text)) };
  });
  return texts.map((text) => {
    const bytes = Buffer.from(text, "base64");
    return { rate, samples: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)) };
  });
}
