/** So soon after each other, two who see a key see the same press of it. */
const SAME_MS = 300;

export type Seen = "window" | "anywhere";
export type Once = (what: string, by: Seen) => boolean;

/** Says whether a press is the first that is seen of it: the window sees keys while it has the focus, and so may the desktop app. */
export function createOnce(now: () => number): Once {
  const last = new Map<string, { by: Seen; at: number }>();
  return (what, by) => {
    const before = last.get(what);
    const at = now();
    const again = before !== undefined && before.by !== by && at - before.at < SAME_MS;
    // The next press counts, whoever sees it first.
    if (again) last.delete(what);
    else last.set(what, { by, at });
    return !again;
  };
}

/** For the whole page. */
export const once: Once = createOnce(() => performance.now());
