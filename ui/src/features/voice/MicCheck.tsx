import { createEffect, createSignal, onCleanup, Show } from "solid-js";
import { type Loop, type Meter, type MicTrouble, SILENCE, type VoiceTest } from "../../backend/voice/engine";
import { Button } from "../../components/Button";
import { Note } from "../../components/Note";
import { SegmentedControl } from "../../components/SegmentedControl";
import { Slider } from "../../components/Slider";
import { useSnug } from "../../state/context";
import { THRESHOLD } from "../../state/preferences";
import { LevelMeter } from "./LevelMeter";
import { troubleWords } from "./words";
import css from "./settings.module.css";

const LOOPS: { value: Loop; label: string }[] = [
  { value: "off", label: "Off" },
  { value: "raw", label: "As it comes" },
  { value: "processed", label: "As others hear it" },
];

/** The live microphone: its level against the threshold, and a way to hear oneself. `auto`: the browser asks nothing any more. */
export function MicCheck(props: { auto: boolean; onOpened: () => void }) {
  const { preferences, voice } = useSnug();
  const [meter, setMeter] = createSignal<Meter>({ level: SILENCE, open: false });
  const [trouble, setTrouble] = createSignal<MicTrouble | null>(null);
  const [test, setTest] = createSignal<VoiceTest | null>(null);
  const [loop, setLoop] = createSignal<Loop>("off");
  let gone = false;
  const start = async (): Promise<void> => {
    const engine = await voice.engine();
    if (gone || test()) return;
    const opened = engine.test(voice.settings(), {
      meter: setMeter,
      trouble: (next) => {
        setTrouble(next);
        props.onOpened();
      },
    });
    setTest(opened);
  };
  createEffect(() => props.auto && void start());
  createEffect(() => test()?.configure(voice.settings()));
  onCleanup(() => {
    gone = true;
    test()?.close();
  });
  const hear = (next: Loop): void => {
    setLoop(next);
    test()?.setLoop(next);
  };
  return (
    <Show
      when={test()}
      fallback={
        <div>
          <Button icon="mic" onClick={() => void start()}>
            Check the microphone
          </Button>
        </div>
      }
    >
      <Show when={trouble()}>
        {(now) => (
          <Note warn icon="warning">
            <p>{troubleWords(now()).text}</p>
            <p>{troubleWords(now()).help}</p>
            <Show when={troubleWords(now()).again}>
              {(label) => (
                <Button small onClick={() => test()?.retry()}>
                  {label()}
                </Button>
              )}
            </Show>
          </Note>
        )}
      </Show>
      <div class={css.check}>
        <LevelMeter meter={meter()} threshold={preferences.voice.mode === "activity" ? preferences.voice.threshold : undefined} />
        <Show when={preferences.voice.mode === "activity"}>
          <Slider
            label="Threshold"
            min={THRESHOLD.min}
            max={THRESHOLD.max}
            step={1}
            value={preferences.voice.threshold}
            words={`${preferences.voice.threshold} dB`}
            onInput={(threshold) => voice.change({ threshold })}
          />
        </Show>
        <p class={css.said} data-open={meter().open || undefined} aria-live="off">
          {meter().open ? "This would be sent." : preferences.voice.mode === "push" ? "Nothing is sent until the key is held." : "Too quiet to be sent."}
        </p>
      </div>
      <SegmentedControl label="Hear yourself, a second later" value={loop()} options={LOOPS} onChange={hear} />
      <p class={css.hint}>Use headphones, or the microphone hears the echo of itself.</p>
    </Show>
  );
}
