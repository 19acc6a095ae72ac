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
/** So many pieces of each speech are looked for. */
const PIECES = 6;
/** Of a recording the last of these are searched, but for a piece: 32 s. A power of two. */
const SIZE = 2 ** 18;
/** RMS of full scale. */
const QUIET = 0.002;

/** Mono sound, as numbers from -1 to 1. */
export interface Sound {
  rate: number;
  samples: Float32Array;
}

/** Reads a WAV file with 16-bit or float samples, each channel by itself. */
export function readWav(file: string): Sound[] {
  const bytes = readFileSync(file);
  let [rate, channels, bits] = [0, 1, 16];
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString("latin1", at, at + 4);
    const length = Math.min(bytes.readUInt32LE(at + 4), bytes.length - at - 8);
    const body = at + 8;
    if (name === "fmt ") [channels, rate, bits] = [bytes.readUInt16LE(body + 2), bytes.readUInt32LE(body + 4), bytes.readUInt16LE(body + 14)];
    if (name === "data") {
      const width = bits / 8;
      const sample = bits === 32 ? (from: number) => bytes.readFloatLE(from) : (from: number) => bytes.readInt16LE(from) / 32_768;
      const count = Math.floor(length / width / channels);
      return Array.from({ length: channels }, (_, channel) => ({
        rate,
        samples: Float32Array.from({ length: count }, (_, i) => sample(body + (i * channels + channel) * width)),
      }));
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

/** Of a transform, whose length is that of its tables, twice. */
const turns = (half: number) => ({
  cos: Float64Array.from({ length: half }, (_, k) => Math.cos((Math.PI * k) / half)),
  sin: Float64Array.from({ length: half }, (_, k) => Math.sin((Math.PI * k) / half)),
});
const TURNS = turns(SIZE / 2);

/** Real and imaginary parts of SIZE numbers. */
interface Wave {
  re: Float64Array;
  im: Float64Array;
}

/** In place, by Cooley and Tukey. */
function fourier({ re, im }: Wave, direction: 1 | -1): void {
  for (let i = 1, j = 0; i < SIZE; i++) {
    let bit = SIZE >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    [re[i], re[j]] = [re[j]!, re[i]!];
    [im[i], im[j]] = [im[j]!, im[i]!];
  }
  for (let half = 1; half < SIZE; half *= 2) {
    const step = SIZE / 2 / half;
    for (let start = 0; start < SIZE; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const c = TURNS.cos[k * step]!;
        const s = -direction * TURNS.sin[k * step]!;
        const [i, j] = [start + k, start + k + half];
        const x = re[j]! * c - im[j]! * s;
        const y = re[j]! * s + im[j]! * c;
        re[j] = re[i]! - x;
        im[j] = im[i]! - y;
        re[i] = re[i]! + x;
        im[i] = im[i]! + y;
      }
    }
  }
}

function transformed(samples: Float32Array): Wave {
  const wave = { re: new Float64Array(SIZE), im: new Float64Array(SIZE) };
  wave.re.set(samples);
  fourier(wave, 1);
  return wave;
}

/** A recording, made ready to be searched. */
class Searched {
  readonly #wave: Wave;
  readonly #energy: Float64Array;
  readonly #length: number;

  constructor(samples: Float32Array) {
    this.#length = samples.length;
    this.#wave = transformed(samples);
    this.#energy = new Float64Array(samples.length + 1);
    for (let i = 0; i < samples.length; i++) this.#energy[i + 1] = this.#energy[i]! + samples[i]! ** 2;
  }

  /** How alike a piece and the stretch are that is most like it: 1 for the same, whatever its loudness. */
  likeness({ wave, energy }: Piece): number {
    const both = { re: new Float64Array(SIZE), im: new Float64Array(SIZE) };
    for (let i = 0; i < SIZE; i++) {
      // The recording's times the conjugate of the piece's.
      const [a, b, c, d] = [this.#wave.re[i]!, this.#wave.im[i]!, wave.re[i]!, -wave.im[i]!];
      both.re[i] = a * c - b * d;
      both.im[i] = a * d + b * c;
    }
    fourier(both, -1);
    let best = 0;
    for (let lag = 0; lag + PIECE <= this.#length; lag++) {
      const there = this.#energy[lag + PIECE]! - this.#energy[lag]!;
      // Where it is all but silent, anything is like anything.
      if (there < PIECE * QUIET ** 2) continue;
      best = Math.max(best, Math.abs(both.re[lag]! / SIZE) / Math.sqrt(energy * there));
    }
    return best;
  }
}

/** A piece of somebody's speech. */
interface Piece {
  wave: Wave;
  energy: number;
}

/** The loudest pieces of a speech. */
function cut(speech: Sound): Piece[] {
  const samples = lower(speech);
  const found: { from: number; energy: number }[] = [];
  for (let from = 0; from + PIECE <= samples.length; from += PIECE) found.push({ from, energy: samples.subarray(from, from + PIECE).reduce((sum, one) => sum + one * one, 0) });
  const loudest = found.sort((a, b) => b.energy - a.energy).slice(0, PIECES);
  return loudest.map(({ from, energy }) => ({ wave: transformed(samples.subarray(from, from + PIECE)), energy }));
}

/** For each speech, how much of it is in one of these recordings, from 0 to 1: the median of its pieces' likeness. */
export function found(recordings: Sound[], speeches: Sound[]): number[] {
  const searched = recordings.map((recording) => new Searched(lower(recording).subarray(-(SIZE - PIECE))));
  return speeches.map((speech) => {
    const pieces = cut(speech);
    const medians = searched.map((one) => {
      const scores = pieces.map((piece) => one.likeness(piece)).sort((a, b) => a - b);
      return scores[Math.floor(scores.length / 2)] ?? 0;
    });
    return Math.max(0, ...medians);
  });
}
