import type { InputSettings, Meter, MicTrouble } from "../engine";
import type { DeviceFacts } from "../reading";
import type { FromWorklet, ToWorklet } from "./microphone.worklet";
import { loadWorklet } from "./worklet";

/** After so long without any sound at all, not even noise, it is told. */
const DEAD_MS = 3_000;

export interface MicrophoneListener {
  meter(meter: Meter): void;
  trouble(trouble: MicTrouble | null): void;
}

/**
 * The microphone, levelled and gated: `output` is a node that stays the same whatever device is behind it, so that a
 * change of device is no change for those who listen.
 */
export class Microphone {
  readonly output: GainNode;
  #settings: InputSettings;
  #pressed = false;
  /** Let through untouched: to hear what a device gives. */
  #raw = false;
  #worklet: Promise<AudioWorkletNode> | null = null;
  #node: AudioWorkletNode | null = null;
  #source: { stream: MediaStream; node: MediaStreamAudioSourceNode; label: string } | null = null;
  #trouble: MicTrouble | null = null;
  #deadSince: number | null = null;
  /** Counts the openings: an older one that comes late is let go. */
  #turn = 0;
  /** Being opened. `stale`: devices have changed since. */
  #opening: { stale: boolean } | null = null;
  #closed = false;

  constructor(
    private readonly context: AudioContext,
    settings: InputSettings,
    private readonly listener: MicrophoneListener,
  ) {
    this.#settings = settings;
    this.output = new GainNode(context);
    void this.#open();
  }

  configure(settings: InputSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    this.#steer();
    if ((["device", "echo", "noise"] as const).some((key) => before[key] !== settings[key])) void this.#open();
  }

  retry(): void {
    void this.#open();
  }

  setPressed(pressed: boolean): void {
    this.#pressed = pressed;
    this.#steer();
  }

  setRaw(raw: boolean): void {
    if (raw === this.#raw) return;
    this.#raw = raw;
    this.#steer();
    void this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#turn += 1;
    this.#release();
    if (this.#node) this.#node.port.onmessage = null;
    this.#node?.disconnect();
    this.output.disconnect();
  }

  /** What is open. */
  facts(): DeviceFacts | null {
    const source = this.#source;
    return source && { name: source.label, rate: source.stream.getAudioTracks()[0]?.getSettings().sampleRate ?? null, callback: null };
  }

  /** `lost`: what was there and is gone. */
  async #open(lost?: string, device = this.#settings.device): Promise<void> {
    const turn = ++this.#turn;
    const opening = { stale: false };
    this.#opening = opening;
    await this.#take(turn, lost, device);
    if (turn !== this.#turn) return;
    this.#opening = null;
    if (opening.stale && this.#source === null) return this.#open();
  }

  async #take(turn: number, lost: string | undefined, device: string | null): Promise<void> {
    if (!navigator.mediaDevices?.getUserMedia || !this.context.audioWorklet) return this.#tell({ kind: "insecure" });
    try {
      const worklet = await (this.#worklet ??= this.#makeWorklet());
      const stream = await navigator.mediaDevices.getUserMedia({ audio: constraints({ ...this.#settings, device }, this.#raw) });
      if (turn !== this.#turn) return stop(stream);
      this.#release();
      const track = stream.getAudioTracks()[0]!;
      const node = this.context.createMediaStreamSource(stream);
      node.connect(worklet);
      this.#source = { stream, node, label: track.label };
      this.#deadSince = null;
      track.onended = () => turn === this.#turn && void this.#open(track.label);
      this.#steer();
      const other = device !== this.#settings.device || (lost !== undefined && lost !== track.label);
      this.#tell(other ? { kind: "replaced", was: lost ?? "The chosen microphone", now: track.label } : null);
    } catch (thrown) {
      this.#worklet?.catch(() => (this.#worklet = null));
      if (turn !== this.#turn) return;
      const was = lost ?? this.#source?.label;
      // What was chosen is not there (any more): the default will do.
      if (device !== null && isMissing(thrown)) return this.#open(was, null);
      this.#release();
      this.#tell(troubleOf(thrown, was ?? "The microphone"));
    }
  }

  /** Plugged in again: whoever has none, or not the chosen one, looks anew. */
  devicesChanged(): void {
    const trouble = this.#trouble;
    if (this.#opening) {
      this.#opening.stale = true;
    } else if (trouble?.kind === "replaced") {
      if (this.#settings.device !== null) void this.#open(trouble.was);
    } else if (this.#source === null) void this.#open();
  }

  async #makeWorklet(): Promise<AudioWorkletNode> {
    await loadWorklet(this.context);
    const worklet = new AudioWorkletNode(this.context, "microphone", { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [1], channelCount: 1, channelCountMode: "explicit" });
    worklet.port.onmessage = (message: MessageEvent<FromWorklet>) => this.#measured(message.data);
    worklet.connect(this.output);
    this.#node = worklet;
    return worklet;
  }

  #measured({ level, open, dead }: FromWorklet): void {
    const source = this.#source;
    if (this.#closed || !source) return;
    this.listener.meter({ level, open });
    if (!dead) {
      this.#deadSince = null;
      if (this.#trouble?.kind === "silent") this.#tell(null);
    } else {
      this.#deadSince ??= performance.now();
      if (performance.now() - this.#deadSince > DEAD_MS && this.#trouble === null) this.#tell({ kind: "silent", label: source.label });
    }
  }

  #steer(): void {
    const { mode, threshold, gain } = this.#settings;
    this.#node?.port.postMessage({ mode: this.#raw ? "always" : mode, threshold, pressed: this.#pressed, gain: gain && !this.#raw } satisfies ToWorklet);
  }

  #release(): void {
    const source = this.#source;
    this.#source = null;
    if (!source) return;
    source.node.disconnect();
    stop(source.stream);
  }

  #tell(trouble: MicTrouble | null): void {
    if (this.#closed) return;
    const before = this.#trouble;
    // Something else was plugged in: it is still as it was.
    if (before?.kind === "replaced" && trouble?.kind === "replaced" && before.was === trouble.was && before.now === trouble.now) return;
    this.#trouble = trouble;
    this.listener.trouble(trouble);
  }
}

/** The browser's own gain control stays off: it may move the system's level, and ours is in software. */
export function constraints(settings: InputSettings, raw: boolean): MediaTrackConstraints {
  return {
    ...(settings.device === null ? {} : { deviceId: { exact: settings.device } }),
    echoCancellation: settings.echo && !raw,
    noiseSuppression: settings.noise && !raw,
    autoGainControl: false,
    channelCount: 1,
  };
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.onended = null;
    track.stop();
  }
}

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : "");
const isMissing = (thrown: unknown): boolean => nameOf(thrown) === "OverconstrainedError" || nameOf(thrown) === "NotFoundError";

/** What a refusal of `getUserMedia` means (Media Capture and Streams, 10.2). */
export function troubleOf(thrown: unknown, label: string): MicTrouble {
  switch (nameOf(thrown)) {
    case "NotAllowedError":
    case "SecurityError":
      return { kind: "denied" };
    case "NotFoundError":
    case "OverconstrainedError":
      return { kind: "missing" };
    case "NotReadableError":
    case "AbortError":
      return { kind: "busy", label };
    default:
      return { kind: "failed", label, message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
