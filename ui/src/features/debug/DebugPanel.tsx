import { createMemo, createSignal, For, onCleanup, onMount, Show } from "solid-js";
import { copyText } from "../../backend/notify";
import type { VoiceEngine } from "../../backend/voice/engine";
import type { Note, Reading } from "../../backend/voice/reading";
import { Button } from "../../components/Button";
import { IconButton } from "../../components/IconButton";
import { toast } from "../../components/Toast";
import type { UserId } from "../../protocol/generated";
import type { Board } from "./board";
import { timelineOf } from "./columns";
import { Grip } from "./Grip";
import { HealthLog } from "./HealthLog";
import { DEBUG_KEYS, setDebugOpen } from "./open";
import { createPaint } from "./paint";
import { type About, reportOf } from "./report";
import { type SectionId, SECTIONS } from "./sections";
import { SectionView } from "./SectionView";
import { createHeight } from "./size";
import css from "./panel.module.css";

export interface DebugPanelProps {
  engine: () => Promise<VoiceEngine>;
  about: () => Promise<About>;
  nameOf: (user: UserId) => string | undefined;
}

/** What voice measures, as it happens, below the app. */
export default function DebugPanel(props: DebugPanelProps) {
  const [readings, setReadings] = createSignal<readonly Reading[]>([]);
  const [notes, setNotes] = createSignal<readonly Note[]>([]);
  const [about, setAbout] = createSignal<About>();
  const [cursor, setCursor] = createSignal<number | null>(null);
  const size = createHeight();
  const timeline = createMemo(() => timelineOf(readings()));
  const board: Board = { timeline, cursor, setCursor, paint: createPaint() };
  const before = document.activeElement;
  let place!: HTMLElement;

  onMount(() => {
    let stop = (): void => undefined;
    let here = true;
    // Known before it is wanted: some browsers copy only within the click.
    props.about().then(setAbout, () => undefined);
    props.engine().then(
      ({ recorder }) => {
        if (!here) return;
        const take = (): void => {
          setReadings(recorder.readings());
          setNotes(recorder.notes());
        };
        take();
        stop = recorder.watch(take);
      },
      () => undefined,
    );
    onCleanup(() => {
      here = false;
      stop();
    });
  });

  const close = (): void => {
    const within = place.contains(document.activeElement);
    setDebugOpen(false);
    if (within && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    // It is this that is closed, and nothing behind it.
    event.stopPropagation();
    close();
  };
  const go = (section: SectionId): void => {
    const found = document.getElementById(`debug-${section}`);
    found?.scrollIntoView({ block: "start" });
    found?.focus({ preventScroll: true });
  };
  const copy = async (): Promise<void> => {
    if (await copyText(reportOf(about()!, readings(), notes(), new Date()))) toast({ text: "The report is copied. It names neither people nor addresses." });
    else toast({ kind: "error", text: "Copying is not allowed here." });
  };

  return (
    <section class={css.panel} aria-label="Diagnostics" style={{ height: `${size.height()}px` }} ref={(element) => (place = element)} onKeyDown={keys}>
      <Grip size={size} />
      <header class={css.head}>
        <h2 class={css.name}>Diagnostics</h2>
        <nav class={css.jumps} aria-label="Diagnostics">
          <For each={SECTIONS}>
            {({ id, title }) => (
              <button type="button" class={css.jump} onClick={() => go(id)}>
                {title}
              </button>
            )}
          </For>
        </nav>
        <Button small icon="copy" disabled={about() === undefined} onClick={() => void copy()}>
          Copy report
        </Button>
        <IconButton size="s" icon="close" label="Close diagnostics" keys={DEBUG_KEYS} onClick={close} />
      </header>
      <div class={css.body} tabIndex={0} role="group" aria-label="What was measured">
        <Show when={readings().length > 0} fallback={<p class={css.empty}>Nothing was measured in the last two minutes. Join voice, or open the microphone under Voice in the settings.</p>}>
          <For each={SECTIONS.filter(({ id }) => id !== "health")}>{(section) => <SectionView section={section} board={board} nameOf={props.nameOf} />}</For>
        </Show>
        <HealthLog notes={notes()} />
      </div>
    </section>
  );
}
