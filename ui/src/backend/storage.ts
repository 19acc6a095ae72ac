/** Where things are kept between visits: `localStorage`, or anything with its shape. */
export interface Shelf {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
  /** Calls back when another tab changed something. Returns how to stop. */
  watch(changed: (key: string) => void): () => void;
}

/** A shelf that forgets at the end: for tests, and where the browser allows no storage. */
export function memoryShelf(): Shelf {
  const map = new Map<string, string>();
  return {
    get: (key) => map.get(key) ?? null,
    set: (key, value) => void map.set(key, value),
    remove: (key) => void map.delete(key),
    keys: () => [...map.keys()],
    watch: () => () => undefined,
  };
}

/** The browser's storage. What it refuses to keep (full, or blocked) is kept in memory. */
export function browserShelf(storage: () => Storage = () => localStorage): Shelf {
  const spare = memoryShelf();
  const attempt = <T>(work: () => T, otherwise: () => T): T => {
    try {
      return work();
    } catch {
      return otherwise();
    }
  };
  return {
    get: (key) => spare.get(key) ?? attempt(() => storage().getItem(key), () => null),
    set: (key, value) => {
      attempt(
        () => {
          storage().setItem(key, value);
          spare.remove(key);
        },
        () => spare.set(key, value),
      );
    },
    remove: (key) => {
      spare.remove(key);
      attempt(() => storage().removeItem(key), () => undefined);
    },
    keys: () => [...new Set([...spare.keys(), ...attempt(() => Object.keys(storage()), () => [])])],
    watch: (changed) => {
      const listen = (event: StorageEvent) => {
        if (event.key !== null) changed(event.key);
      };
      addEventListener("storage", listen);
      return () => removeEventListener("storage", listen);
    },
  };
}

/** One value that is kept. `clean` makes something valid of whatever is found: older, newer, or broken. */
export interface Kept<T> {
  read(): T;
  write(value: T): void;
}

export function kept<T>(shelf: Shelf, key: string, clean: (found: unknown) => T): Kept<T> {
  return {
    read: () => {
      const text = shelf.get(key);
      if (text === null) return clean(undefined);
      try {
        return clean(JSON.parse(text));
      } catch {
        return clean(undefined);
      }
    },
    write: (value) => shelf.set(key, JSON.stringify(value)),
  };
}
