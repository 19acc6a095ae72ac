import { createSignal } from "solid-js";

type Plain = string | number | boolean | bigint | null | undefined | readonly string[];

/** What a form holds over what is saved: only fields that differ, so that what changes elsewhere still shows through. */
export interface Draft<T extends { [K in keyof T]: Plain }> {
  get<K extends keyof T>(key: K): T[K];
  set<K extends keyof T>(key: K, value: T[K]): void;
  /** The fields that differ from what is saved. */
  changes(): Partial<T>;
  dirty(): boolean;
  reset(): void;
}

/** A draft over `saved()`. */
export function createDraft<T extends { [K in keyof T]: Plain }>(saved: () => T): Draft<T> {
  const [edits, setEdits] = createSignal<Partial<T>>({});
  const differs = (key: keyof T): boolean => key in edits() && !same(edits()[key], saved()[key]);
  const changes = (): Partial<T> => {
    const found: Partial<T> = {};
    for (const key of Object.keys(edits()) as (keyof T)[]) if (differs(key)) found[key] = edits()[key] as T[typeof key];
    return found;
  };
  return {
    get: (key) => (key in edits() ? (edits()[key] as T[typeof key]) : saved()[key]),
    set: (key, value) => void setEdits((all) => ({ ...all, [key]: value })),
    changes,
    dirty: () => Object.keys(changes()).length > 0,
    reset: () => void setEdits({}),
  };
}

function same(a: Plain, b: Plain): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, at) => one === b[at]);
  return a === b;
}
