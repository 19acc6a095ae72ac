import { Show } from "solid-js";
import type { Meter } from "../../backend/voice/engine";
import { THRESHOLD } from "../../state/preferences";
import css from "./settings.module.css";

/** Where a level stands between silence and loud, from 0 to 1, on the scale of the threshold. */
export const partOf = (level: number): number => Math.min(1, Math.max(0, (level - THRESHOLD.min) / (THRESHOLD.max - THRESHOLD.min)));

/** How loud the microphone is now, and from where on it is sent. */
export function LevelMeter(props: { meter: Meter; threshold?: number | undefined }) {
  return (
    <div class={css.meter} role="meter" aria-label="Microphone level" aria-valuemin={THRESHOLD.min} aria-valuemax={THRESHOLD.max} aria-valuenow={Math.round(Math.min(THRESHOLD.max, Math.max(THRESHOLD.min, props.meter.level)))} aria-valuetext={`${Math.round(props.meter.level)} dB, ${props.meter.open ? "sent" : "not sent"}`}>
      <div class={css.level} data-open={props.meter.open || undefined} style={{ scale: `${partOf(props.meter.level)} 1` }} />
      <Show when={props.threshold !== undefined}>
        <div class={css.threshold} style={{ left: `${partOf(props.threshold!) * 100}%` }} />
      </Show>
    </div>
  );
}
