import { createEffect, createSignal, on } from "solid-js";
import type { VirtualizerHandle } from "virtua/solid";

/** Within this distance from its end the list is at its end. */
const END_PX = 32;
/** This far from its end, the way back is offered. */
const FAR_PX = 600;
/** This far before an edge, what is beyond it is fetched. */
const EARLY_PX = 1_200;

export interface ScrollOptions {
  handle: () => VirtualizerHandle | undefined;
  count: () => number;
  /** The list is near one of its edges. */
  more: (what: "before" | "after") => void;
}

/** Where a list is that stays at its end while new rows come, and fetches more at its edges. */
export function createScroll(options: ScrollOptions) {
  const [stuck, setStuck] = createSignal(true);
  const [far, setFar] = createSignal(false);
  const [first, setFirst] = createSignal(0);
  /** While the first position is found, scroll events are not the person's. */
  let settling = false;

  const toEnd = (): void => {
    const handle = options.handle();
    if (handle && options.count() > 0) handle.scrollToIndex(options.count() - 1, { align: "end" });
    setStuck(true);
  };
  const look = (): void => {
    const handle = options.handle();
    if (!handle) return;
    const left = handle.scrollSize - handle.viewportSize - handle.scrollOffset;
    setStuck(left <= END_PX);
    setFar(left > FAR_PX);
    setFirst(handle.findItemIndex(handle.scrollOffset));
    if (handle.scrollOffset < EARLY_PX) options.more("before");
    if (left < EARLY_PX) options.more("after");
  };
  const keep = (): void => {
    if (stuck()) toEnd();
  };
  createEffect(on(options.count, () => queueMicrotask(keep), { defer: true }));

  return {
    stuck,
    far,
    first,
    toEnd,
    to: (index: number, align: "start" | "center" | "end", offset = 0): void => {
      setStuck(false);
      options.handle()?.scrollToIndex(index, { align, offset });
    },
    /** A new list is drawn: at its end, or at a row. */
    begin: (at: { index: number; align: "start" | "center" } | null): void => {
      settling = true;
      setStuck(at === null || at.index < 0);
      requestAnimationFrame(() => {
        if (at !== null && at.index >= 0) options.handle()?.scrollToIndex(at.index, { align: at.align, offset: at.align === "start" ? -80 : 0 });
        else toEnd();
        requestAnimationFrame(() => {
          settling = false;
          look();
        });
      });
    },
    moved: (): void => {
      if (!settling) look();
    },
    resized: (): void => {
      if (stuck()) toEnd();
    },
    /** Whether the first new row is above what is seen. */
    freshAbove: (index: number | null, outside: boolean): boolean => index !== null && (outside || index < first()),
    /** Home and End, and a row up or down with the arrows. */
    keys: (event: KeyboardEvent): void => {
      const rows = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("article")];
      const at = rows.indexOf(document.activeElement as HTMLElement);
      const next = event.key === "ArrowUp" ? (at < 0 ? rows.length - 1 : at - 1) : event.key === "ArrowDown" && at >= 0 ? at + 1 : -1;
      if (event.target instanceof HTMLTextAreaElement) return;
      if (event.key === "End") toEnd();
      else if (rows[next]) {
        event.preventDefault();
        rows[next].focus({ preventScroll: true });
        rows[next].scrollIntoView({ block: "nearest" });
      }
    },
  };
}
