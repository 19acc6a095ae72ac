/** How often something may be done: so many at once, and one more after each while. */
export class Allowance {
  #left: number;
  #since = 0;

  constructor(private readonly limits: { most: number; everyMs: number }) {
    this.#left = limits.most;
  }

  /** Whether it may be done now; then it is counted. */
  take(now: number): boolean {
    const { most, everyMs } = this.limits;
    const more = Math.floor((now - this.#since) / everyMs);
    this.#left = Math.min(most, this.#left + more);
    this.#since = this.#left === most ? now : this.#since + more * everyMs;
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }

  /** When it may be done again, after it might not. */
  get next(): number {
    return this.#since + this.limits.everyMs;
  }
}
