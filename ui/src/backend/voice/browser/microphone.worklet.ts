import { SILENCE } from "../engine";
import { Gate, type GateSettings, levelOf } from "./gate";
import { Leveler } from "./leveler";

/* Runs in the audio thread: levels, gates and measures the microphone. */

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
  /** Of about the last 15 ms: a block is shorter than a period of a deep voice. */
  #power = 0;
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
    this.#power += (10 ** (level / 10) - this.#power) / 6;
    this.#leveler.process(output, Math.max(SILENCE, 10 * Math.log10(this.#power)));
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

registerProcessor("microphone", Microphone);
