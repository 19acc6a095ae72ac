import type { UserId } from "../../../protocol/generated";
import type { ToIncoming } from "./microphone.worklet";
import { loadWorklet } from "./worklet";

interface Voice {
  stream: MediaStream;
  element: HTMLAudioElement;
  source: MediaStreamAudioSourceNode;
  gain: GainNode;
  /** Evens out; nothing where the browser cannot. */
  leveler: AudioWorkletNode | null;
  userId: UserId | null;
}

/** Long enough not to click, short enough not to be noticed: the time constant of a change of volume, in seconds. */
const FADE_S = 0.015;

/** The voices of others: each through a gain of its own, then through a limiter, then out. */
export class Playback {
  readonly #voices = new Map<string, Voice>();
  readonly #volumes = new Map<UserId, number>();
  readonly #master: GainNode;
  #even = true;

  constructor(private readonly context: AudioContext) {
    this.#master = new GainNode(context);
    // At 200 % and when all talk at once, sound would be clipped.
    const limiter = new DynamicsCompressorNode(context, { threshold: -6, knee: 6, ratio: 12, attack: 0.002, release: 0.12 });
    this.#master.connect(limiter).connect(context.destination);
  }

  /** An m-line brings this track. */
  add(mid: string, track: MediaStreamTrack): void {
    this.remove(mid);
    const stream = new MediaStream([track]);
    const source = this.context.createMediaStreamSource(stream);
    const gain = new GainNode(this.context, { gain: 0 });
    source.connect(gain).connect(this.#master);
    // Chromium takes nothing out of a remote stream that no element plays.
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    void element.play().catch(() => undefined);
    this.#voices.set(mid, { stream, element, source, gain, leveler: null, userId: null });
    loadWorklet(this.context).then(() => this.#insertLeveler(mid, source), () => undefined);
  }

  remove(mid: string): void {
    const voice = this.#voices.get(mid);
    if (!voice) return;
    this.#voices.delete(mid);
    voice.source.disconnect();
    voice.leveler?.port.postMessage(null satisfies ToIncoming);
    voice.leveler?.disconnect();
    voice.gain.disconnect();
    voice.element.srcObject = null;
  }

  /** Whose voice an m-line carries from now on. A slot that is free is silent. */
  assign(mid: string, userId: UserId | null): void {
    const voice = this.#voices.get(mid);
    if (!voice) return;
    const other = voice.userId !== userId;
    voice.userId = userId;
    const volume = userId === null ? 0 : this.volumeOf(userId);
    // The next speaker must not be heard at the volume of the one before.
    if (other) voice.gain.gain.cancelScheduledValues(0).setValueAtTime(volume, this.context.currentTime);
    else this.#fade(voice.gain, volume);
  }

  setVolume(userId: UserId, volume: number): void {
    this.#volumes.set(userId, volume);
    for (const voice of this.#voices.values()) if (voice.userId === userId) this.#fade(voice.gain, volume);
  }

  volumeOf(userId: UserId): number {
    return this.#volumes.get(userId) ?? 1;
  }

  /** Whether all are brought to one loudness. */
  setEven(even: boolean): void {
    this.#even = even;
    for (const voice of this.#voices.values()) voice.leveler?.port.postMessage(even satisfies ToIncoming);
  }

  setDeafened(deafened: boolean): void {
    this.#fade(this.#master, deafened ? 0 : 1);
  }

  clear(): void {
    for (const mid of this.#voices.keys()) this.remove(mid);
  }

  #insertLeveler(mid: string, source: MediaStreamAudioSourceNode): void {
    const voice = this.#voices.get(mid);
    if (voice?.source !== source) return;
    const leveler = new AudioWorkletNode(this.context, "incoming");
    leveler.port.postMessage(this.#even satisfies ToIncoming);
    source.disconnect(voice.gain);
    source.connect(leveler).connect(voice.gain);
    voice.leveler = leveler;
  }

  #fade(node: GainNode, to: number): void {
    node.gain.setTargetAtTime(to, this.context.currentTime, FADE_S);
  }
}
