import { createSignal } from "solid-js";

/** Something that takes a while and may be refused: `run()` does it once at a time, `busy()`, `error()`; `clear()` forgets the error. */
export type Action<A extends unknown[]> = { run: (...args: A) => Promise<boolean>; busy: () => boolean; error: () => unknown; clear: () => void };

/** Watches over `work`. `run` answers whether it succeeded; what it throws is in `error()`. */
export function createAction<A extends unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>();
  return {
    busy,
    error,
    clear: () => setError(undefined),
    run: async (...args) => {
      if (busy()) return false;
      setBusy(true);
      setError(undefined);
      try {
        await work(...args);
        return true;
      } catch (refusal) {
        setError(() => refusal);
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
