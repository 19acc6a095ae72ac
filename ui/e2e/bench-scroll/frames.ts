/** What a run of frames was like. */
export interface Frames {
  fps_p50: number;
  /** What all but the slowest twentieth of the frames reach. */
  fps_p5: number;
  /** Frames divided by time. */
  mean_fps: number;
  longest_frame_ms: number;
  /** The part of the time in frames that took longer than 1/50 s allows, with a millisecond for the clock. */
  below_50_fps: number;
}

const SLOW_MS = 21;

export function frames(times: readonly number[]): Frames {
  const sorted = [...times].sort((a, b) => a - b);
  const sum = times.reduce((all, one) => all + one, 0);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  return {
    fps_p50: tenth(1_000 / at(0.5)),
    fps_p5: tenth(1_000 / at(0.95)),
    mean_fps: tenth((1_000 * times.length) / sum),
    longest_frame_ms: tenth(sorted.at(-1) ?? 0),
    below_50_fps: Math.round((1_000 * times.filter((time) => time > SLOW_MS).reduce((all, one) => all + one, 0)) / sum) / 1_000,
  };
}

/** In the page: waits until it is at rest. */
export async function atRest(): Promise<void> {
  await document.fonts.ready;
  await new Promise((done) => setTimeout(done, 1_000));
}

/** In the page: scrolls the list at a speed (pixels a second, up is negative) to its end, and hands over how long each frame took. */
export function scrollTo({ speed }: { speed: number }): Promise<number[]> {
  const scroller = document.querySelector<HTMLElement>("[role=region][aria-label^='Messages in']")!;
  const times: number[] = [];
  /** At an end for so long: there is nothing more to come. */
  const REST_MS = 1_500;
  return new Promise((done) => {
    let last = performance.now();
    let moved = last;
    const frame = (now: number): void => {
      const took = now - last;
      last = now;
      const before = scroller.scrollTop;
      // A frame that came late does not make the next one jump.
      scroller.scrollTop = before + (speed * Math.min(took, 50)) / 1_000;
      if (Math.abs(scroller.scrollTop - before) >= 1) moved = now;
      times.push(took);
      if (now - moved < REST_MS) return void requestAnimationFrame(frame);
      // The rest at the end was no scrolling.
      let rest = 0;
      while (rest < REST_MS && times.length > 0) rest += times.pop()!;
      done(times.slice(1));
    };
    requestAnimationFrame(frame);
  });
}
