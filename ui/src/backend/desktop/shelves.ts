import type { Shelf } from "../storage";

/** Where preferences are kept; these of them hold for the whole desktop, whichever account is shown. */
const PREFERENCES = "snug.preferences";
const SHARED = ["theme", "textSize", "density", "notify", "voice"];

type Parts = Record<string, unknown>;

/** Each account's own part of what is kept. What is set for the desktop is the same in all, and told to all when one changes it. */
export function accountShelves(shelf: Shelf): (id: string) => Shelf {
  const watchers = new Set<{ id: string; changed: (key: string) => void }>();
  const parts = (key: string): Parts => {
    try {
      const found: unknown = JSON.parse(shelf.get(key) ?? "{}");
      return typeof found === "object" && found !== null ? (found as Parts) : {};
    } catch {
      return {};
    }
  };
  return (id) => {
    const prefix = `${id}.`;
    const share = (value: string): void => {
      const all = JSON.parse(value) as Parts;
      const shared = JSON.stringify(Object.fromEntries(SHARED.map((name) => [name, all[name]])));
      if (shared === shelf.get(PREFERENCES)) return;
      shelf.set(PREFERENCES, shared);
      for (const other of watchers) if (other.id !== id) other.changed(PREFERENCES);
    };
    return {
      get: (key) => (key === PREFERENCES ? JSON.stringify({ ...parts(prefix + key), ...parts(key) }) : shelf.get(prefix + key)),
      set: (key, value) => {
        shelf.set(prefix + key, value);
        if (key === PREFERENCES) share(value);
      },
      remove: (key) => shelf.remove(prefix + key),
      keys: () => shelf.keys().flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])),
      watch: (changed) => {
        const watcher = { id, changed };
        watchers.add(watcher);
        const stop = shelf.watch((key) => key.startsWith(prefix) && changed(key.slice(prefix.length)));
        return () => {
          watchers.delete(watcher);
          stop();
        };
      },
    };
  };
}
