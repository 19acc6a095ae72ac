import { onCleanup } from "solid-js";
import type { Snug } from "./snug";

/** After this long without a key or a move, somebody is away from this device. */
const AWAY_MS = 5 * 60_000;

/** Tells the server when somebody leaves this device and when they come back. */
export function watchActivity(snug: Snug): void {
  let active = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (next: boolean): void => {
    if (next === active) return;
    active = next;
    snug.connection.say({ op: "activity", d: { active } });
  };
  const stir = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => say(false), AWAY_MS);
    say(true);
  };
  // A new session begins as active; one that connects anew while nobody is there must say so again.
  const stop = snug.onPhase((phase) => {
    if (phase.at === "ready" && !active) snug.connection.say({ op: "activity", d: { active } });
  });
  const events = ["pointerdown", "pointermove", "keydown", "focus"] as const;
  for (const event of events) addEventListener(event, stir, { passive: true });
  stir();
  onCleanup(() => {
    stop();
    clearTimeout(timer);
    for (const event of events) removeEventListener(event, stir);
  });
}
