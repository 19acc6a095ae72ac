/** Waits before the next tries, in milliseconds. The last one stays. */
const WAITS = [500, 1_000, 2_000, 4_000, 8_000] as const;

/** From this try on it is asked whether the server still has the part: a page may be older than its server. */
const PATIENCE = 3;

/** How it is found out, and said, that the page is out of date. */
export interface Doubt {
  /** Whether the server answers at all. */
  reachable: () => Promise<boolean>;
  /** The server is there, but what the page wants of it is not. */
  outdated: () => void;
}

let doubt: Doubt = { reachable: () => Promise.resolve(false), outdated: () => undefined };
let told = false;

/** Says what to do about parts that never come. Once, at the start. */
export function doubtBy(how: Doubt): void {
  doubt = how;
  told = false;
}

/**
 * Fetches a part of the app again and again until it comes. A network that is away for a moment must not leave a hole in the page
 * until it is reloaded: browsers and `lazy` both try only once. What came and then threw is no matter of the network: that is thrown on
 * (the second try would hide it, for WebKit gives the half of the module that was run).
 */
export async function insist<T>(fetch: () => Promise<T>): Promise<T> {
  for (let failed = 1; ; failed += 1) {
    try {
      return await fetch();
    } catch (thrown) {
      if (!isAbsence(thrown)) throw thrown;
      if (failed >= PATIENCE && !told && (await doubt.reachable()) && !told) {
        told = true;
        doubt.outdated();
      }
      await pause(WAITS[Math.min(failed, WAITS.length) - 1]!);
    }
  }
}

/** What browsers throw where a module does not come, or one for the audio thread. */
const isAbsence = (thrown: unknown): boolean => thrown instanceof TypeError || (thrown instanceof DOMException && thrown.name === "AbortError");

/** Ends early when the network is back. */
function pause(ms: number): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener("online", end);
      done();
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end);
  });
}
