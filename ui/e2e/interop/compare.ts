import { readFileSync } from "node:fs";

/*
 * Whether somebody's speech is in a recording, by normalised cross-correlation of samples.
 *
 * The speech is cut into pieces that are long enough to be unlike anything else and short enough to stay together where a jitter
 * buffer stretches time. Each is looked for everywhere. Only what is below 2 kHz counts: a shift of a few samples matters
 * little there.
 */

/** Samples a second in a comparison. */
const RATE = 8_000;
/** The length of a piece, in samples: 0.75 s. */
const PIECE = 6_000;
/** Pieces without speech say nothing: RMS of full scale. */
const QUIET = 0.02;

/** Mono sound, as numbers from -1 to 1. */
export interface Sound {
  rate: number;
  samples: Float32Array;
}

/** Reads a WAV file with 16-bit or float samples; of several channels the first. */
export function readWav(file: string): Sound {
  const bytes = readFileSync(file);
  let [rate, channels, bits] = [0, 1, 16];
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString("latin1", at, at + 4);
    const length = Math.min(bytes.readUInt32LE(at + 4), bytes.length - at - 8);
    const body = at + 8;
    if (name === "fmt ") [channels, rate, bits] = [bytes.readUInt16LE(body + 2), bytes.readUInt32LE(body + 4), bytes.readUInt16LE(body + 14)];
    if (name === "data") {
      const width = (bits / 8) * channels;
      const samples = new Float32Array(Math.floor(length / width));
      for (let i = 0; i < samples.length; i++) samples[i] = bits === 32 ? bytes.readFloatLE(body + i * width) : bytes.readInt16LE(body + i * width) / 32_768;
      return { rate, samples };
    }
    at = body + length + (length % 2);
  }
  throw new Error(`${file} has no sound in it`);
}

/** Lowers the rate by averages, twice, which take out most of what is above. */
function lower({ rate, samples }: Sound): Float32Array {
  const step = rate / RATE;
  const sums = new Float64Array(samples.length + 1);
  for (let i = 0; i < samples.length; i++) sums[i + 1] = sums[i]! + samples[i]!;
  const out = new Float32Array(Math.max(0, Math.floor((samples.length - 2 * step) / step)));
  for (let i = 0; i < out.length; i++) {
    const from = Math.round(i * step);
    const to = Math.round(i * step + 2 * step);
    out[i] = (sums[to]! - sums[from]!) / (to - from);
  }
  return out;
}

/** In place, by Cooley and Tukey; the length is a power of two. */
function fourier(re: Float64Array, im: Float64Array, inverse: boolean): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const angle = ((inverse ? 2 : -2) * Math.PI) / size;
    for (let k = 0; k < size / 2; k++) {
      const [c, s] = [Math.cos(angle * k), Math.sin(angle * k)];
      for (let i = k; i < n; i += size) {
        const j = i + size / 2;
        const [x, y] = [re[j]! * c - im[j]! * s, re[j]! * s + im[j]! * c];
        [re[j], im[j]] = [re[i]! - x, im[i]! - y];
        [re[i], im[i]] = [re[i]! + x, im[i]! + y];
      }
    }
  }
}

/** A recording, made ready to be searched. */
class Searched {
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #energy: Float64Array;
  readonly #length: number;

  constructor(samples: Float32Array) {
    this.#length = samples.length;
    const size = 2 ** Math.ceil(Math.log2(samples.length + PIECE));
    this.#re = new Float64Array(size);
    this.#im = new Float64Array(size);
    this.#re.set(samples);
    this.#energy = new Float64Array(samples.length + 1);
    for (let i = 0; i < samples.length; i++) this.#energy[i + 1] = this.#energy[i]! + samples[i]! ** 2;
    fourier(this.#re, this.#im, false);
  }

  /** How alike a piece and the stretch are that is most like it: 1 for the same, whatever its loudness. */
  likeness(piece: Float32Array): number {
    const size = this.#re.length;
    const [re, im] = [new Float64Array(size), new Float64Array(size)];
    re.set(piece);
    fourier(re, im, false);
    for (let i = 0; i < size; i++) {
      // The recording's times the conjugate of the piece's.
      const [a, b, c, d] = [this.#re[i]!, this.#im[i]!, re[i]!, -im[i]!];
      [re[i], im[i]] = [a * c - b * d, a * d + b * c];
    }
    fourier(re, im, true);
    const own = Math.sqrt(piece.reduce((sum, one) => sum + one * one, 0));
    let best = 0;
    for (let lag = 0; lag + piece.length <= this.#length; lag++) {
      const there = this.#energy[lag + piece.length]! - this.#energy[lag]!;
      // Where it is all but silent, anything is like anything.
      if (there < piece.length * (QUIET / 10) ** 2) continue;
      best = Math.max(best, Math.abs(re[lag]! / size) / (own * Math.sqrt(there)));
    }
    return best;
  }
}

/** For each speech, how much of it is in a recording, from 0 to 1: the median of its pieces' likeness. */
export function found(recording: Sound, speeches: Sound[]): number[] {
  const searched = new Searched(lower(recording));
  return speeches.map((speech) => {
    const samples = lower(speech);
    const scores: number[] = [];
    for (let at = 0; at + PIECE <= samples.length; at += PIECE) {
      const piece = samples.subarray(at, at + PIECE);
      const rms = Math.sqrt(piece.reduce((sum, one) => sum + one * one, 0) / PIECE);
      if (rms >= QUIET) scores.push(searched.likeness(piece));
    }
    return scores.sort((a, b) => a - b)[Math.floor(scores.length / 2)] ?? 0;
  });
}
