/* Brings speech to an even level, in software. Browsers' own gain control may move the system's microphone level. */

/** Where speech should be, RMS in dBFS. */
const TARGET_DB = -22;
/** What is quieter is taken for noise, and not followed. */
const FLOOR_DB = -55;
const MOST_DB = 18;
const LEAST_DB = -12;
/** Down fast, up slowly: nobody is blasted, and pauses are not pumped up. */
const UP_DB_PER_S = 4;
const DOWN_DB_PER_S = 40;
/** Nothing leaves louder than this, of full scale. */
const CEILING = 0.9;

export class Leveler {
  enabled = false;
  /** What is added now, in decibels. */
  gainDb = 0;
  #applied = 1;

  constructor(private readonly rate: number) {}

  /** Changes a block of each channel in place, all by the same gain. `level` is that of the sound as it came, in dBFS. */
  process(channels: readonly Float32Array[], level: number): void {
    const length = channels[0]?.length ?? 0;
    const seconds = length / this.rate;
    const wanted = this.enabled ? Math.min(MOST_DB, Math.max(LEAST_DB, TARGET_DB - level)) : 0;
    if (!this.enabled || level > FLOOR_DB) this.gainDb += Math.min(UP_DB_PER_S * seconds, Math.max(-DOWN_DB_PER_S * seconds, wanted - this.gainDb));
    if (!this.enabled && Math.abs(this.gainDb) < 0.01) this.gainDb = 0;
    const gain = 10 ** (this.gainDb / 20);
    const step = (gain - this.#applied) / length;
    for (const block of channels) for (let i = 0; i < length; i++) block[i] = limit(block[i]! * (this.#applied + step * (i + 1)));
    this.#applied = gain;
  }
}

/** Full scale is approached, never reached: the part above the knee is bent (tanh), which clips no click into speech. */
function limit(sample: number): number {
  const knee = CEILING * 0.8;
  const size = Math.abs(sample);
  if (size <= knee) return sample;
  return Math.sign(sample) * (knee + (CEILING - knee) * Math.tanh((size - knee) / (CEILING - knee)));
}
