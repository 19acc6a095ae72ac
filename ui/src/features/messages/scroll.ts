import { createEffect, createSignal, on } from "solid-js";
import type { VirtualizerHandle } from "virtua/solid";

/** Within this distance from its end the list is at its end. */
const END_PX = 32;
/** This far from its end, the way back is offered. */
const FAR_PX = 600;
/** A place is found when nothing has moved for so many frames. */
const CALM_FRAMES = 3;
/** It is given up after so many: on a slow machine rows come to their heights late. */
const SETTLE_FRAMES = 30;
/** This far before an edge, what is beyond it is fetched. */
const EARLY_PX = 1_200;

/** Where a row is to stand in what is seen of the list. */
export interface Place {
  index: number;
  align: "start" | "center" | "end";
  /** So much further down the list, in pixels. */
  offset?: number;
}

const SHARE = { start: 0, center: 0.5, end: 1 };

export interface ScrollOptions {
  /** What scrolls. */
  scroller: () => HTMLElement | undefined;
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
  /** The row that is sought, while it is. */
  let goal: Place | null = null;
  /** While a place is sought, scroll events are not the person's. Each search has a number: another one, or none, ends it. */
  let search = 0;
  let searches = 0;
  /** Where the list was when it was last looked at. */
  let last = { offset: 0, size: 0 };

  // Not by the list's own `scrollToIndex`: that goes on for a while as rows come to their heights, against who scrolls
  // meanwhile.
  const aim = (): void => {
    const [scroller, handle] = [options.scroller(), options.handle()];
    if (!scroller || !handle || options.count() === 0) return;
    if (stuck()) scroller.scrollTop = scroller.scrollHeight;
    else if (goal) {
      const free = handle.viewportSize - handle.getItemSize(goal.index);
      scroller.scrollTop = handle.getItemOffset(goal.index) - free * SHARE[goal.align] + (goal.offset ?? 0);
    }
  };
  const stop = (): void => {
    search = 0;
    goal = null;
    remember();
  };
  const toEnd = (): void => {
    stop();
    setStuck(true);
    aim();
  };
  const remember = (): void => {
    const handle = options.handle();
    if (handle) last = { offset: handle.scrollOffset, size: handle.scrollSize };
  };
  /** Goes to a row, or to the end, until the list has come to rest there. */
  const seek = (place: Place | null): void => {
    goal = place;
    setStuck(place === null);
    const mine = (search = ++searches);
    let before = "";
    let calm = 0;
    const step = (frames: number): void => {
      const [scroller, handle] = [options.scroller(), options.handle()];
      if (search !== mine) return;
      if (!scroller || !handle) return stop();
      aim();
      const now = `${scroller.scrollTop} ${scroller.scrollHeight}`;
      calm = handle.viewportSize > 0 && now === before ? calm + 1 : 0;
      before = now;
      if (calm < CALM_FRAMES && frames < SETTLE_FRAMES) {
        requestAnimationFrame(() => step(frames + 1));
        return;
      }
      stop();
      look();
    };
    requestAnimationFrame(() => step(0));
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
    aim();
    requestAnimationFrame(() => stuck() && aim());
  };
  createEffect(on(options.count, () => queueMicrotask(keep), { defer: true }));

  return {
    stuck,
    far,
    first,
    toEnd,
    seek,
    moved: (): void => {
      if (search === 0) look();
    },
    resized: aim,
    /** The person scrolls: whatever was sought is not any more. */
    taken: (): void => {
      if (search !== 0) stop();
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
