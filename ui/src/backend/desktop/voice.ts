import type { Direction, Link, SoundDevice, Used, VoiceCommand, VoiceUpdate } from "../../protocol/desktop";
import type * as Wire from "../../protocol/desktop";
import type { TrackKind, UserId, VoiceOffer, VoiceTrack } from "../../protocol/generated";
import type { Devices, Loop, OwnStats, TalkMode, VoiceEngine, VoiceListener, VoiceMedia, VoiceSettings, VoiceTest } from "../voice/engine";
import { SILENCE } from "../voice/engine";
import { ownStats } from "../voice/reading";
import { Recorder } from "../voice/recorder";
import { StatsReader } from "./readings";

/** An answer takes milliseconds; so long it is waited for. */
const ANSWER_MS = 5_000;

/** How the window reaches the engine. */
export interface Bridge {
  /** Tells all of it, and then what changes. */
  attach(told: (update: VoiceUpdate) => void): Promise<void>;
  command(command: VoiceCommand): Promise<void>;
}

type Heard = (update: VoiceUpdate) => void;

/** What is known of the engine, for all who use it: there is one, whatever account talks. */
class Line {
  devices: SoundDevice[] = [];
  readonly used: Record<Direction, Used> = { input: { at: "off" }, output: { at: "off" } };
  /** Nothing while it is not known. */
  link: Link | null | undefined;
  readonly recorder = new Recorder();
  readonly #reader = new StatsReader();
  readonly #heard = new Set<Heard>();
  #said: Promise<unknown> = Promise.resolve();

  constructor(private readonly bridge: Bridge) {
    bridge
      .attach((update) => {
        if (update.type === "devices") this.devices = update.devices;
        if (update.type === "link") this.link = update.link;
        if (update.type === "used") this.used[update.direction] = update.used;
        if (update.type === "record") this.recorder.begin(update.stats.map((stats) => this.#reader.read(stats, this.used)), update.health);
        if (update.type === "stats") this.recorder.take(this.#reader.read(update.stats, this.used));
        if (update.type === "health") this.recorder.note({ at: update.at, text: update.text, bad: update.bad });
        for (const hear of this.#heard) hear(update);
      })
      .catch((thrown: Error) => console.error(thrown.message));
  }

  /** Returns how to stop. */
  hear(heard: Heard): () => void {
    this.#heard.add(heard);
    return () => void this.#heard.delete(heard);
  }

  /** One after the other: what is said to the desktop at once may arrive in any order. */
  tell(command: VoiceCommand): void {
    this.#said = this.#said.then(() => this.bridge.command(command)).catch((thrown: Error) => console.error(thrown.message));
  }

  set(settings: VoiceSettings): void {
    this.tell({ type: "set", settings: wireSettings(settings) });
  }
}

const MODES: Record<TalkMode, Wire.TalkMode> = { activity: "activity", push: "push", always: "always" };

function wireSettings({ input, output, even }: VoiceSettings): Wire.VoiceSettings {
  return {
    microphone: input.device,
    speaker: output,
    mode: MODES[input.mode],
    threshold_db: input.threshold,
    echo: input.echo,
    noise: input.noise ? "standard" : "off",
    gain: input.gain,
    even,
    output_percent: 100,
    input_percent: 100,
  };
}

const MEDIA = { up: "connected", broken: "interrupted", closed: "failed" } as const;

/** A call through the engine. */
class NativeMedia implements VoiceMedia {
  readonly #stop: () => void;
  readonly #waiting = new Map<string, (sdp: string) => void>();
  /** Who is not heard as they come: the engine knows people, and not calls. */
  readonly #volumes = new Set<UserId>();
  #connection: number | null = null;
  #adopting = false;

  constructor(
    private readonly line: Line,
    settings: VoiceSettings,
    private readonly listener: VoiceListener,
  ) {
    this.#stop = line.hear((update) => this.#hear(update));
    line.set(settings);
  }

  answer(offer: VoiceOffer): Promise<string> {
    this.#connection = offer.connection;
    const name = `${offer.connection}.${offer.negotiation}`;
    const answer = new Promise<string>((done, failed) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(name);
        failed(new Error("the engine did not answer the offer"));
      }, ANSWER_MS);
      this.#waiting.set(name, (sdp) => {
        clearTimeout(timer);
        this.#waiting.delete(name);
        done(sdp);
      });
    });
    this.line.tell({ type: "offer", offer });
    return answer;
  }

  adopt(connection: number): void {
    this.#connection = connection;
    this.#adopting = true;
    if (this.line.link !== undefined) this.#linked(this.line.link);
  }

  setTracks(tracks: readonly VoiceTrack[]): void {
    this.line.tell({ type: "tracks", tracks: [...tracks] });
  }

  configure(settings: VoiceSettings): void {
    this.line.set(settings);
  }

  setMuted(muted: boolean): void {
    this.line.tell({ type: "mute", on: muted });
  }

  setDeafened(deafened: boolean): void {
    this.line.tell({ type: "deafen", on: deafened });
  }

  setHeard(heard: boolean): void {
    this.line.tell({ type: "heard", heard });
  }

  setVolume(user: UserId, volume: number): void {
    if (volume === 1) this.#volumes.delete(user);
    else this.#volumes.add(user);
    this.line.tell({ type: "volume", user, percent: Math.round(volume * 100) });
  }

  setPressed(pressed: boolean): void {
    this.line.tell({ type: "hold", on: pressed });
  }

  // The engine tries again by itself, as long as it takes.
  retry(): void {}

  setShare(_kind: Exclude<TrackKind, "microphone">, _track: unknown): void {}

  stats(): Promise<OwnStats | null> {
    const last = this.line.recorder.last();
    return Promise.resolve(this.#connection !== null && last ? ownStats(last) : null);
  }

  drop(): void {
    this.#connection = null;
    this.line.tell({ type: "leave" });
  }

  // What held for this call does not for the next one.
  close(): void {
    this.#stop();
    this.drop();
    this.setPressed(false);
    for (const user of this.#volumes) this.setVolume(user, 1);
  }

  #hear(update: VoiceUpdate): void {
    switch (update.type) {
      case "answer":
        return this.#waiting.get(`${update.connection}.${update.negotiation}`)?.(update.sdp);
      case "link":
        return this.#linked(update.link);
      case "meters":
        return this.listener.meter({ level: Math.max(SILENCE, update.microphone_db), open: update.open });
      case "used":
        if (update.direction === "input") this.#microphone(update.used);
        else if (update.used.at === "open" && update.used.instead) this.listener.outputLost(update.used.name);
        return;
      default:
        return;
    }
  }

  #linked(link: Link | null): void {
    // There is none between two connections, but there has to be one to go on with.
    const gone = this.#adopting && link === null;
    this.#adopting = false;
    if (this.#connection === null || (link === null && !gone) || link === "connecting") return;
    this.listener.media(this.#connection, link === null ? "failed" : MEDIA[link]);
  }

  #microphone(used: Used): void {
    if (used.at === "opening") this.listener.trouble({ kind: "missing" });
    else if (used.at === "open") this.listener.trouble(used.instead ? { kind: "replaced", was: "", now: used.name } : null);
  }
}

/** One's own voice, on the page of settings. */
class NativeTest implements VoiceTest {
  readonly #stop: () => void;

  constructor(
    private readonly line: Line,
    settings: VoiceSettings,
    listener: Pick<VoiceListener, "meter" | "trouble">,
  ) {
    this.#stop = line.hear((update) => {
      if (update.type === "meters") listener.meter({ level: Math.max(SILENCE, update.microphone_db), open: update.open });
    });
    line.set(settings);
    line.tell({ type: "test", on: true, hear: false });
  }

  configure(settings: VoiceSettings): void {
    this.line.set(settings);
  }

  setLoop(loop: Loop): void {
    this.line.tell({ type: "test", on: true, hear: loop !== "off" });
  }

  retry(): void {}

  close(): void {
    this.#stop();
    this.line.tell({ type: "test", on: false, hear: false });
  }
}

/** Voice by the native engine. */
export function nativeEngine(bridge: Bridge): VoiceEngine {
  const line = new Line(bridge);
  const named = (direction: Direction) => line.devices.filter((one) => one.direction === direction).map(({ id, name }) => ({ id, label: name }));
  return {
    recorder: line.recorder,
    devices: (): Promise<Devices> => Promise.resolve({ inputs: named("input"), outputs: named("output"), choosesOutput: true, named: true }),
    onDevices: (changed) => line.hear((update) => update.type === "devices" && changed()),
    open: (settings, listener) => new NativeMedia(line, settings, listener),
    test: (settings, listener) => new NativeTest(line, settings, listener),
    cue: (cue) => line.tell({ type: "cue", cue }),
  };
}
