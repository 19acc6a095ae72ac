import { createEffect, createSignal, on } from "solid-js";
import type { VirtualizerHandle } from "virtua/solid";

/** Within this distance from its end the list is at its end. */
const END_PX = 32;
/** This far from its end, the way back is offered. */
const FAR_PX = 600;
/** A first position is given up after so many frames: on a slow machine rows come to their heights late. */
const SETTLE_FRAMES = 30;
/** This far before an edge, what is beyond it is fetched. */
const EARLY_PX = 1_200;

export interface ScrollOptions {
  handle: () => VirtualizerHandle | undefined;
  count: () => number;
  /** Whether the list goes up to now: only then it stays at its end. */
  present: () => boolean;
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
  /** Where the list was when it was last looked at. */
  let last = { offset: 0, size: 0 };

  const toEnd = (): void => {
    const handle = options.handle();
    if (handle && options.count() > 0) handle.scrollToIndex(options.count() - 1, { align: "end" });
    setStuck(true);
  };
  const left = (): number => {
    const handle = options.handle();
    return handle ? handle.scrollSize - handle.viewportSize - handle.scrollOffset : 0;
  };
  const look = (): void => {
    const handle = options.handle();
    if (!handle) return;
    const { scrollOffset: offset, scrollSize: size } = handle;
    // Rows that turn out taller or lower than was thought move the end: only who goes up further than that leaves it.
    if (left() <= END_PX) setStuck(options.present());
    else if (offset - last.offset < Math.min(0, size - last.size) - 1) setStuck(false);
    last = { offset, size };
    setFar(left() > FAR_PX);
    setFirst(handle.findItemIndex(offset));
    if (offset < EARLY_PX) options.more("before");
    if (left() < EARLY_PX) options.more("after");
  };
  const keep = (): void => {
    if (!stuck()) return;
    toEnd();
    // Rows that came in front end whatever scrolling was under way.
    requestAnimationFrame(() => stuck() && left() > 1 && toEnd());
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
      const aim = (): void => {
        if (at !== null && at.index >= 0) options.handle()?.scrollToIndex(at.index, { align: at.align, offset: at.align === "start" ? -80 : 0 });
        else toEnd();
      };
      let before = -1;
      // Nothing more is fetched until the place is found: rows that come in front would end the search.
      const settle = (frames: number): void => {
        const handle = options.handle();
        if (!handle) return;
        const there = handle.viewportSize > 0 && handle.scrollOffset === before && (!stuck() || left() <= END_PX);
        before = handle.scrollOffset;
        if (!there && frames < SETTLE_FRAMES) {
          if (stuck()) toEnd();
          requestAnimationFrame(() => settle(frames + 1));
          return;
        }
        settling = false;
        last = { offset: handle.scrollOffset, size: handle.scrollSize };
        look();
      };
      requestAnimationFrame(() => {
        aim();
        requestAnimationFrame(() => settle(0));
      });
    },
    moved: (): void => {
      if (!settling) look();
    },
    resized: (): void => {
      if (stuck()) toEnd();
    },
    /** Whether a row is above what is seen. */
    isAbove: (index: number | null): boolean => index !== null && index < first(),
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
