/** How much counters rise from look to look. Counters only rise: one that fell was begun anew, and how much it rose is not known. */
export class Rises {
  #at: number | null = null;
  #before = new Map<string, number>();
  #now = new Map<string, number>();
  #seconds: number | null = null;

  /** Begins a look, at a time in milliseconds. */
  begin(at: number): void {
    this.#seconds = this.#at !== null && at > this.#at ? (at - this.#at) / 1_000 : null;
    this.#at = at;
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** By how much it rose since the look before; nothing if that is not known. */
  rise(name: string, value: number): number | null {
    this.#now.set(name, value);
    const before = this.#before.get(name);
    return before === undefined || value < before ? null : value - before;
  }

  /** The same in a second. */
  rate(name: string, value: number): number | null {
    const rise = this.rise(name, value);
    return rise === null || this.#seconds === null ? null : rise / this.#seconds;
  }
}

/** What part `of` is of `all`; nothing if there is nothing, or it is not known. */
export const part = (of: number | null, all: number | null): number | null => (of === null || all === null || all <= 0 ? null : Math.min(1, of / all));

/** The sum of what is known; nothing if nothing is. */
export function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((all, one) => all + one, 0);
}
