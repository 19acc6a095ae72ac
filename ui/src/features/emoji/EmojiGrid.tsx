import { createMemo, createSignal, For, onCleanup, onMount, Show, type JSX } from "solid-js";
import type { Emoji } from "../../text/emoji/data";
import styles from "./EmojiPicker.module.css";
import { layout, rowsIn, type Place, type Sizes } from "./grid";

export interface Section {
  name: string;
  emoji: readonly Emoji[];
}

/** How the picker scrolls the grid. */
export interface Scroller {
  reveal(place: Place): void;
  toGroup(group: number): void;
  toTop(): void;
}

interface EmojiGridProps {
  id: string;
  sections: readonly Section[];
  columns: number;
  active: Place;
  toned: (emoji: Emoji) => string;
  cellId: (place: Place) => string;
  onColumns: (columns: number) => void;
  /** The group at the top of the view. */
  onInView: (group: number) => void;
  onHover: (place: Place) => void;
  onPick: (place: Place, again: boolean) => void;
  ref: (scroller: Scroller) => void;
}

/** Pixels; the style sheet has the same. */
const SIZES: Sizes = { heading: 32, cell: 40 };
const PADDING = 8;
/** Drawn beyond the view, so that quick scrolling shows no gap. */
const MARGIN = 160;

/** Groups of emoji, of which only the rows in view are in the document. */
export function EmojiGrid(props: EmojiGridProps): JSX.Element {
  const [view, setView] = createSignal({ top: 0, height: 400 });
  const groups = createMemo(() => layout({ counts: props.sections.map(({ emoji }) => emoji.length), columns: props.columns }, SIZES));
  let box: HTMLDivElement;

  const measure = () => {
    setView({ top: box.scrollTop, height: box.clientHeight });
    props.onInView(Math.max(0, groups().findLastIndex(({ top, height }) => height > 0 && top <= box.scrollTop + 1)));
  };
  onMount(() => {
    const resized = () => {
      props.onColumns(Math.max(4, Math.floor((box.clientWidth - 2 * PADDING) / SIZES.cell)));
      measure();
    };
    const observer = new ResizeObserver(resized);
    observer.observe(box);
    onCleanup(() => observer.disconnect());
    resized();
  });

  const scrollTo = (top: number) => {
    box.scrollTop = top;
    measure();
  };
  props.ref({
    reveal: ({ group, index }) => {
      const top = (groups()[group]?.top ?? 0) + SIZES.heading + Math.floor(index / props.columns) * SIZES.cell;
      if (top - SIZES.heading < box.scrollTop) scrollTo(top - SIZES.heading);
      else if (top + SIZES.cell > box.scrollTop + box.clientHeight) scrollTo(top + SIZES.cell - box.clientHeight);
    },
    toGroup: (group) => scrollTo(groups()[group]?.top ?? 0),
    toTop: () => scrollTo(0),
  });

  return (
    <div ref={(element) => (box = element)} id={props.id} class={styles["grid"]} role="grid" aria-label="Emoji" aria-colcount={props.columns} tabindex="-1" onScroll={measure}>
      <For each={props.sections}>
        {(section, group) => (
          <Show when={section.emoji.length > 0}>
            <div role="rowgroup" aria-label={section.name} style={{ height: `${groups()[group()]?.height ?? 0}px`, width: `${props.columns * SIZES.cell}px` }} class={styles["group"]}>
              <div class={styles["heading"]} aria-hidden="true">
                {section.name}
              </div>
              <Rows {...props} section={section} group={group()} rows={rowsOf(groups()[group()], view())} />
            </div>
          </Show>
        )}
      </For>
    </div>
  );
}

function rowsOf(group: { top: number; rows: number } | undefined, view: { top: number; height: number }): number[] {
  if (group === undefined) return [];
  const [first, end] = rowsIn(group, SIZES, view.top - MARGIN, view.top + view.height + MARGIN);
  return Array.from({ length: end - first }, (_, i) => first + i);
}

function Rows(props: EmojiGridProps & { section: Section; group: number; rows: readonly number[] }): JSX.Element {
  return (
    <For each={props.rows}>
      {(row) => (
        <div role="row" class={styles["row"]} style={{ transform: `translateY(${row * SIZES.cell}px)` }}>
          <For each={props.section.emoji.slice(row * props.columns, (row + 1) * props.columns)}>
            {(emoji, column) => {
              const place = () => ({ group: props.group, index: row * props.columns + column() });
              const active = () => props.active.group === place().group && props.active.index === place().index;
              return (
                <button
                  type="button"
                  role="gridcell"
                  tabindex="-1"
                  id={props.cellId(place())}
                  class={styles["cell"]}
                  classList={{ [styles["active"]!]: active() }}
                  aria-label={emoji.name}
                  aria-selected={active()}
                  onPointerMove={() => props.onHover(place())}
                  onClick={(event) => props.onPick(place(), event.shiftKey)}
                >
                  {props.toned(emoji)}
                </button>
              );
            }}
          </For>
        </div>
      )}
    </For>
  );
}
