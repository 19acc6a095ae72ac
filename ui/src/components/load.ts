import { createSignal, onCleanup } from "solid-js";

/** Something that is fetched when a page opens. */
export interface Load<T> {
  value: () => T | undefined;
  error: () => unknown;
  busy: () => boolean;
  /** Fetches again, keeping what is there meanwhile. */
  reload: () => Promise<void>;
  /** Replaces what is there: after a change whose answer says how it is now. */
  set: (change: (value: T) => T) => void;
}

/** Fetches at once; an answer to an older question never replaces a newer one. */
export function createLoad<T>(fetch: () => Promise<T>): Load<T> {
  const [value, setValue] = createSignal<T>();
  const [error, setError] = createSignal<unknown>();
  const [busy, setBusy] = createSignal(false);
  let asked = 0;
  onCleanup(() => (asked = -1));

  const reload = async (): Promise<void> => {
    const turn = ++asked;
    setBusy(true);
    setError(undefined);
    try {
      const answer = await fetch();
      if (turn === asked) setValue(() => answer);
    } catch (refusal) {
      if (turn === asked) setError(() => refusal);
    } finally {
      if (turn === asked) setBusy(false);
    }
  };
  void reload();
  return { value, error, busy, reload, set: (change) => setValue((now) => (now === undefined ? now : change(now))) };
}
