import { SILENCE } from "../engine";
import { Gate, type GateSettings, levelOf, Smooth } from "./gate";
import { Leveler } from "./leveler";

/* Runs in the audio thread: levels, gates and measures the microphone, and evens out those who are heard. */

declare const sampleRate: number;
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

export type ToWorklet = GateSettings & { gain: boolean };
export interface FromWorklet {
  /** RMS in dBFS, of the loudest block since the last message. */
  level: number;
  open: boolean;
  /** Whether all of it was digital silence. */
  dead: boolean;
}

const TELL_S = 0.05;

class Microphone extends AudioWorkletProcessor {
  readonly #gate = new Gate(sampleRate);
  readonly #leveler = new Leveler(sampleRate);
  readonly #smooth = new Smooth();
  #loudest = SILENCE;
  #opened = false;
  #dead = true;
  #since = 0;

  constructor() {
    super();
    this.port.onmessage = (message: MessageEvent<ToWorklet>) => {
      const { gain, ...gate } = message.data;
      this.#gate.settings = gate;
      this.#leveler.enabled = gain;
    };
  }

  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0];
    if (!output) return true;
    const input = inputs[0]?.[0];
    if (input) output.set(input);
    const level = levelOf(output);
    if (level > SILENCE) this.#dead = false;
    this.#leveler.process([output], this.#smooth.next(level));
    this.#gate.process(output, level);
    this.#opened ||= this.#gate.open;
    this.#loudest = Math.max(this.#loudest, level);
    this.#since += output.length;
    if (this.#since >= TELL_S * sampleRate) this.#tell();
    return true;
  }

  #tell(): void {
    this.port.postMessage({ level: this.#loudest, open: this.#opened, dead: this.#dead } satisfies FromWorklet);
    this.#loudest = SILENCE;
    this.#opened = false;
    this.#dead = true;
    this.#since = 0;
  }
}

/** Whether to even out; nothing ends it. */
export type ToIncoming = boolean | null;

/** Somebody's voice, brought to the loudness of the others. */
class Incoming extends AudioWorkletProcessor {
  #ended = false;
  readonly #smooth = new Smooth();
  readonly #leveler = new Leveler(sampleRate);

  constructor() {
    super();
    this.port.onmessage = (message: MessageEvent<ToIncoming>) => {
      if (message.data === null) this.#ended = true;
      else this.#leveler.enabled = message.data;
    };
  }

  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const [input, output] = [inputs[0] ?? [], outputs[0] ?? []];
    // Nothing comes while nobody speaks on that line; that is no end.
    if (input.length === 0) return !this.#ended;
    input.forEach((channel, at) => output[at]?.set(channel));
    this.#leveler.process(output, this.#smooth.next(levelOf(input[0]!)));
    return !this.#ended;
  }
}

registerProcessor("microphone", Microphone);
registerProcessor("incoming", Incoming);
