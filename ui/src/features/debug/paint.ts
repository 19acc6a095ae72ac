import { createSignal, onCleanup } from "solid-js";

export interface Paint {
  /** What a token is now. */
  color: (token: string) => string;
  /** Changes when they do. */
  theme: () => number;
}

/** Colours of the theme for a canvas, which knows no custom properties. */
export function createPaint(): Paint {
  const [theme, setTheme] = createSignal(0);
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  const known = new Map<string, string>();
  const anew = (): void => {
    known.clear();
    setTheme((count) => count + 1);
  };
  const watcher = new MutationObserver(anew);
  watcher.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", anew);
  onCleanup(() => {
    watcher.disconnect();
    dark.removeEventListener("change", anew);
    probe.remove();
  });
  const color = (token: string): string => {
    let found = known.get(token);
    if (found === undefined) {
      probe.style.color = `var(${token})`;
      found = getComputedStyle(probe).color;
      known.set(token, found);
    }
    return found;
  };
  return { color, theme };
}
