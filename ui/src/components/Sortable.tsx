import { createEffect, createSignal, For, type JSX, on, onCleanup, Show } from "solid-js";
import { cx } from "./cx";
import { Icon } from "./Icon";
import css from "./Sortable.module.css";

/** The gap a pointer is in: 0 before the first row, `rows.length` after the last. */
export function gapAt(y: number, rows: readonly { top: number; bottom: number }[]): number {
  const below = rows.findIndex((row) => y < (row.top + row.bottom) / 2);
  return below < 0 ? rows.length : below;
}

/** How near to the edge of what scrolls a drag begins to scroll it, and how far at a time, in pixels. */
const EDGE = 48;
const STEP = 10;

/** Rows to be put in order, by dragging a grip or with the arrow keys on it: `items` (ids), `locked(id)`, `nameOf(id)`, `onDrop(id, gap)`, `onStep(id, ±1)`; `children(id, grip)` draws one row. */
export function Sortable(props: {
  label: string;
  items: string[];
  locked?: ((id: string) => boolean) | undefined;
  nameOf: (id: string) => string;
  onDrop: (id: string, gap: number) => void;
  onStep: (id: string, by: -1 | 1) => void;
  disabled?: boolean | undefined;
  children: (id: string, grip: JSX.Element) => JSX.Element;
}) {
  const [drag, setDrag] = createSignal<{ id: string; gap: number }>();
  const [said, setSaid] = createSignal("");
  let list!: HTMLUListElement;

  const follow = (event: PointerEvent) => {
    const current = drag();
    if (!current) return;
    setDrag({ id: current.id, gap: gapAt(event.clientY, [...list.children].map((row) => row.getBoundingClientRect())) });
    const scroller = scrollerOf(list);
    const bounds = scroller?.getBoundingClientRect();
    if (!scroller || !bounds) return;
    if (event.clientY < bounds.top + EDGE) scroller.scrollBy(0, -STEP);
    else if (event.clientY > bounds.bottom - EDGE) scroller.scrollBy(0, STEP);
  };
  const end = (take: boolean) => {
    const current = drag();
    setDrag(undefined);
    if (take && current) props.onDrop(current.id, current.gap);
  };
  const escape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !drag()) return;
    event.preventDefault();
    end(false);
  };
  document.addEventListener("keydown", escape);
  onCleanup(() => document.removeEventListener("keydown", escape));

  const keys = (event: KeyboardEvent, id: string) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : undefined;
    if (by === undefined) return;
    event.preventDefault();
    moved = event.currentTarget as HTMLElement;
    props.onStep(id, by);
    setSaid(`${props.nameOf(id)} moved ${by < 0 ? "up" : "down"}.`);
  };
  // A row that moves in the page loses the focus.
  let moved: HTMLElement | undefined;
  createEffect(
    on(
      () => props.items.join(),
      () => moved?.isConnected && document.activeElement === document.body && moved.focus(),
      { defer: true },
    ),
  );

  const grip = (id: string) => (
    <Show when={!props.disabled && !props.locked?.(id)} fallback={<span class={css.place} />}>
      <button
        type="button"
        class={css.grip}
        aria-label={`Move ${props.nameOf(id)}. Drag it, or press the up and down arrow keys.`}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ id, gap: props.items.indexOf(id) });
        }}
        onPointerMove={follow}
        onPointerUp={() => end(true)}
        onPointerCancel={() => end(false)}
        onKeyDown={(event) => keys(event, id)}
      >
        <Icon name="grip" size={18} />
      </button>
    </Show>
  );

  return (
    <>
      <ul class={css.list} aria-label={props.label} ref={(element) => (list = element)}>
        <For each={props.items}>
          {(id, at) => (
            <li
              class={cx(css.row, drag()?.id === id && css.dragged)}
              data-before={drag()?.gap === at() || undefined}
              data-after={(at() === props.items.length - 1 && drag()?.gap === props.items.length) || undefined}
            >
              {props.children(id, grip(id))}
            </li>
          )}
        </For>
      </ul>
      <p class="aloud" aria-live="polite">
        {said()}
      </p>
    </>
  );
}

function scrollerOf(element: HTMLElement): HTMLElement | undefined {
  for (let one = element.parentElement; one; one = one.parentElement) if (one.scrollHeight > one.clientHeight && getComputedStyle(one).overflowY !== "visible") return one;
  return undefined;
}
