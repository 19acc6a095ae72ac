import type { Cue } from "../engine";
import { applySink, context, keepAwake } from "./output";

/** As the engine of the desktop app has them. Notes in hertz, one after the other: up for coming, down for going. */
const NOTES: Record<Cue, readonly number[]> = {
  join: [523.25, 783.99],
  leave: [659.25, 440],
  mute: [392],
  unmute: [523.25],
  message: [587.33, 880],
  test: [523.25, 659.25, 783.99, 1046.5],
};

const APART_S = 0.11;
const LOUD = 0.1;

/** Plays a cue, softly. */
export async function play(cue: Cue, output: string | null): Promise<void> {
  const graph = context();
  const rest = keepAwake();
  await graph.resume();
  await applySink(output);
  const start = graph.currentTime + 0.02;
  const notes = NOTES[cue];
  const last = cue === "test" ? 0.9 : 0.35;
  notes.forEach((hertz, at) => {
    const tone = new OscillatorNode(graph, { type: "sine", frequency: hertz });
    const gain = new GainNode(graph, { gain: 0 });
    const from = start + at * APART_S * (cue === "test" ? 2 : 1);
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(LOUD, from + 0.012);
    gain.gain.exponentialRampToValueAtTime(0.0008, from + last);
    tone.connect(gain).connect(graph.destination);
    tone.start(from);
    tone.stop(from + last + 0.05);
    if (at === notes.length - 1) tone.onended = rest;
  });
}
