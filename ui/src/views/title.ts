import { createEffect, onCleanup } from "solid-js";

const titles = new Map<symbol, string>();
let count = "";

function show(): void {
  const page = [...titles.values()].at(-1);
  document.title = `${count}${page === undefined ? "" : `${page} · `}Snug`;
}

/** Names the page in the browser's tab; the latest to ask is shown. */
export function usePageTitle(title: () => string | undefined): void {
  const key = Symbol("title");
  createEffect(() => {
    const text = title();
    titles.delete(key);
    if (text !== undefined) titles.set(key, text);
    show();
  });
  onCleanup(() => {
    titles.delete(key);
    show();
  });
}

/** Puts a count before the title. */
export function showCount(mentions: number): void {
  count = mentions > 0 ? `(${mentions > 99 ? "99+" : mentions}) ` : "";
  show();
}
