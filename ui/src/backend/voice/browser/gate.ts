import { SILENCE, type TalkMode } from "../engine";

/* What decides whether the microphone is let through, without an audio graph: blocks of samples in, blocks out. */

/** How long speech may pause before the gate closes: words must not be cut. */
const HOLD_S = 0.35;
/** How long after the key is up: the last sound is still on its way. */
const RELEASE_S = 0.15;
/** Fades that do not click. */
const OPEN_S = 0.004;
const CLOSE_S = 0.04;
/** An open gate closes this much below where it opens, so that it does not flutter. */
const HYSTERESIS_DB = 4;

export interface GateSettings {
  mode: TalkMode;
  /** In dBFS. */
  threshold: number;
  pressed: boolean;
}

/** The level of a block: RMS in dBFS. */
export function levelOf(block: Float32Array): number {
  let sum = 0;
  for (const sample of block) sum += sample * sample;
  return block.length === 0 || sum === 0 ? SILENCE : Math.max(SILENCE, 10 * Math.log10(sum / block.length));
}

/** The level over about the last 15 ms: a block is shorter than a period of a deep voice. */
export class Smooth {
  #power = 0;

  /** Takes the level of the next block, in dBFS. */
  next(level: number): number {
    this.#power += (10 ** (level / 10) - this.#power) / 6;
    return Math.max(SILENCE, 10 * Math.log10(this.#power));
  }
}

export class Gate {
  settings: GateSettings = { mode: "always", threshold: -50, pressed: false };
  /** The gain that is reached, from 0 to 1. */
  #gain = 0;
  /** Samples until it closes. */
  #hold = 0;

  constructor(private readonly rate: number) {}

  /** Whether sound is let through. */
  get open(): boolean {
    return this.#hold > 0;
  }

  /** Lets `block` through in place, or not. `level` is that of the block as it came. */
  process(block: Float32Array, level: number): void {
    const { mode, threshold, pressed } = this.settings;
    // It is still open after the block.
    if (mode === "always") this.#hold = block.length + 1;
    else if (mode === "push") this.#hold = pressed ? RELEASE_S * this.rate : this.#hold;
    else if (level >= (this.open ? threshold - HYSTERESIS_DB : threshold)) this.#hold = HOLD_S * this.rate;
    const target = this.open ? 1 : 0;
    const step = 1 / ((target === 1 ? OPEN_S : CLOSE_S) * this.rate);
    for (let i = 0; i < block.length; i++) {
      this.#gain = target === 1 ? Math.min(1, this.#gain + step) : Math.max(0, this.#gain - step);
      block[i]! *= this.#gain;
    }
    this.#hold = Math.max(0, this.#hold - block.length);
  }
}
