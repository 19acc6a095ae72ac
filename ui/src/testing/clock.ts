import type { Timer } from "../backend/timer";

/** A clock that stands still until it is told to go on. */
export function fakeClock(start = 1_000_000) {
  let time = start;
  let waiting: { at: number; call: () => void }[] = [];
  const timer: Timer = (ms, call) => {
    const entry = { at: time + ms, call };
    waiting.push(entry);
    return () => void (waiting = waiting.filter((one) => one !== entry));
  };
  return {
    timer,
    now: () => time,
    /** Lets `ms` pass; what falls due is called in order, and what it promised is awaited. */
    advance: async (ms: number) => {
      const end = time + ms;
      await settle();
      for (;;) {
        const next = waiting.toSorted((a, b) => a.at - b.at)[0];
        if (!next || next.at > end) break;
        time = Math.max(time, next.at);
        waiting = waiting.filter((one) => one !== next);
        next.call();
        await settle();
      }
      time = end;
    },
  };
}

/** Waits for all that is ready to run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}
