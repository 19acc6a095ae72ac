/** Calls back once, later. Returns how to call it off. */
export type Timer = (ms: number, call: () => void) => () => void;

export const plainTimer: Timer = (ms, call) => {
  const id = setTimeout(call, ms);
  return () => clearTimeout(id);
};

/**
 * A timer that keeps its time in a hidden tab: browsers let a page there tick once a minute, which is too seldom for a
 * heartbeat, but not a worker.
 */
export function steadyTimer(): Timer {
  if (typeof Worker === "undefined") return plainTimer;
  const worker = new Worker(new URL("./timer.worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, () => void>();
  let next = 0;
  let broken = false;
  worker.onmessage = (message: MessageEvent<number>) => {
    waiting.get(message.data)?.();
  };
  worker.onerror = () => (broken = true);
  return (ms, call) => {
    if (broken) return plainTimer(ms, call);
    const id = next++;
    // Whichever comes first: the worker may not have started.
    const stop = plainTimer(ms + 50, () => run());
    const run = () => {
      stop();
      if (waiting.delete(id)) call();
    };
    waiting.set(id, run);
    worker.postMessage({ id, ms });
    return () => {
      stop();
      waiting.delete(id);
    };
  };
}
