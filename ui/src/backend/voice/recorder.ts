import type { Note, Reading } from "./reading";

/** How long readings are kept. */
export const KEPT_MS = 120_000;
/** More notes than anybody reads. */
const NOTES = 200;

/** What an engine measured and said of late: two minutes of readings, and the last notes. */
export class Recorder {
  #readings: readonly Reading[] = [];
  #notes: readonly Note[] = [];
  readonly #watchers = new Set<() => void>();

  /** The oldest first. Each change makes another array. */
  readings = (): readonly Reading[] => this.#readings;
  notes = (): readonly Note[] => this.#notes;
  last = (): Reading | undefined => this.#readings.at(-1);

  take(reading: Reading): void {
    this.#readings = [...this.#readings, reading].filter(({ at }) => reading.at - at <= KEPT_MS);
    this.#changed();
  }

  note(note: Note): void {
    this.#notes = [...this.#notes, note].slice(-NOTES);
    this.#changed();
  }

  /** Begins with what was before this was there. */
  begin(readings: readonly Reading[], notes: readonly Note[]): void {
    this.#readings = readings;
    this.#notes = notes;
    this.#changed();
  }

  /** Calls back after each change. Returns how to stop. */
  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  }

  #changed(): void {
    for (const changed of this.#watchers) changed();
  }
}
