import { createMemo, createSignal, createUniqueId, Match, onMount, Switch, untrack, type JSX } from "solid-js";
import { loadEmoji, type Emoji, type EmojiSet } from "../../text/emoji/data";
import { used, type EmojiMemory } from "../../text/emoji/recents";
import { searchEmoji } from "../../text/emoji/search";
import { withTone } from "../../text/emoji/tone";
import { EmojiGrid, type Scroller, type Section } from "./EmojiGrid";
import styles from "./EmojiPicker.module.css";
import { GroupTabs } from "./GroupTabs";
import { move, type Move, type Place } from "./grid";
import { Preview } from "./Preview";

interface EmojiPickerProps {
  /** Tone and recents; whoever shows the picker keeps them. */
  memory: EmojiMemory;
  onMemory: (memory: EmojiMemory) => void;
  /** `again` is true when more may follow (Shift is held), so that the picker stays open. */
  onPick: (emoji: string, again: boolean) => void;
}

type Loading = { type: "loading" } | { type: "failed" } | { type: "ready"; set: EmojiSet };

/** As many are shown for a search. */
const MOST_FOUND = 240;

const KEYS: Record<string, Move> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", Home: "row_start", End: "row_end" };

/** What a popover for choosing an emoji holds. The focus stays in the search box; the keys move in the grid. */
export function EmojiPicker(props: EmojiPickerProps): JSX.Element {
  const id = createUniqueId();
  const [loading, setLoading] = createSignal<Loading>({ type: "loading" });
  const [query, setQuery] = createSignal("");
  const [active, setActive] = createSignal<Place>({ group: 0, index: 0 });
  const [columns, setColumns] = createSignal(8);
  const [inView, setInView] = createSignal(0);
  let scroller: Scroller | undefined;
  let search: HTMLInputElement;

  const load = () => {
    setLoading({ type: "loading" });
    loadEmoji().then(
      (set) => setLoading({ type: "ready", set }),
      () => setLoading({ type: "failed" }),
    );
  };
  const focus = () => {
    // On a phone the keyboard would cover what there is to choose from.
    if (!matchMedia("(hover: none)").matches) search.focus({ preventScroll: true });
  };
  onMount(() => {
    load();
    focus();
  });

  // As they were when the picker opened: what is chosen must not move under the hand.
  const recents = untrack(() => [...props.memory.recents]);
  const all = createMemo((): readonly Section[] => {
    const state = loading();
    if (state.type !== "ready") return [];
    const { set } = state;
    const known = recents.flatMap((emoji) => set.byEmoji.get(emoji) ?? []);
    return [{ name: "Recently used", emoji: known }, ...set.groups];
  });
  const sections = createMemo((): readonly Section[] => {
    const state = loading();
    if (query().trim() === "" || state.type !== "ready") return all();
    return [{ name: "Found", emoji: searchEmoji(query(), state.set.all, MOST_FOUND, recents) }];
  });
  const grid = () => ({ counts: sections().map(({ emoji }) => emoji.length), columns: columns() });
  /** The place that the keys are at: where nothing is, the first. */
  const place = (): Place => (emojiAt(active()) === undefined ? move(grid(), { group: 0, index: 0 }, "first") : active());
  const emojiAt = ({ group, index }: Place): Emoji | undefined => sections()[group]?.emoji[index];
  const toned = (emoji: Emoji): string => (emoji.toned ? withTone(emoji.emoji, props.memory.tone) : emoji.emoji);
  const cellId = ({ group, index }: Place) => `${id}-${group}-${index}`;

  const pick = (at: Place, again: boolean) => {
    const emoji = emojiAt(at);
    if (emoji === undefined) return;
    props.onMemory(used(props.memory, emoji.emoji));
    props.onPick(toned(emoji), again);
  };

  const look = (text: string) => {
    setQuery(text);
    setActive({ group: 0, index: 0 });
    scroller?.toTop();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.altKey || event.metaKey) return;
    if (event.key === "Enter") pick(place(), event.shiftKey);
    else if (event.key === "Escape" && query() !== "") look("");
    else {
      const how = event.ctrlKey && event.key === "Home" ? "first" : event.ctrlKey && event.key === "End" ? "last" : event.ctrlKey || event.shiftKey ? undefined : KEYS[event.key];
      if (how === undefined) return;
      setActive(move(grid(), place(), how));
      scroller?.reveal(place());
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class={styles["picker"]}>
      <div class={styles["top"]}>
        <input
          ref={(element) => (search = element)}
          class={styles["search"]}
          type="text"
          role="combobox"
          aria-label="Search emoji"
          aria-expanded={emojiAt(place()) !== undefined}
          aria-haspopup="grid"
          aria-autocomplete="list"
          aria-controls={emojiAt(place()) === undefined ? undefined : `${id}-grid`}
          aria-activedescendant={emojiAt(place()) === undefined ? undefined : cellId(place())}
          placeholder="Search emoji"
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="done"
          value={query()}
          onInput={(event) => look(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <GroupTabs
        sections={all()}
        current={query().trim() === "" ? inView() : -1}
        onChoose={(group) => {
          setQuery("");
          setActive({ group, index: 0 });
          scroller?.toGroup(group);
          focus();
        }}
      />
      <Switch>
        <Match when={loading().type === "loading"}>
          <p class={styles["note"]} role="status">
            Loading emoji
          </p>
        </Match>
        <Match when={loading().type === "failed"}>
          <div class={styles["note"]} role="alert">
            <p>The emoji did not load. Check the connection.</p>
            <button type="button" class={styles["action"]} onClick={load}>
              Try again
            </button>
          </div>
        </Match>
        <Match when={sections().every(({ emoji }) => emoji.length === 0)}>
          <div class={styles["note"]} role="status">
            <p>No emoji for “{query().trim()}”. Try another word, such as “laugh” or “cake”.</p>
          </div>
        </Match>
        <Match when={loading().type === "ready"}>
          <EmojiGrid
            id={`${id}-grid`}
            sections={sections()}
            columns={columns()}
            active={place()}
            toned={toned}
            cellId={cellId}
            onColumns={setColumns}
            onInView={setInView}
            onHover={setActive}
            onPick={pick}
            ref={(given) => (scroller = given)}
          />
        </Match>
      </Switch>
      <Preview emoji={emojiAt(place())} toned={toned} tone={props.memory.tone} onTone={(tone) => props.onMemory({ ...props.memory, tone })} />
    </div>
  );
}
