import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SILENCE } from "../engine";
import { Gate, levelOf } from "./gate";
import { Leveler } from "./leveler";

const RATE = 48_000;
const BLOCK = 128;

/** A sine of this level (RMS in dBFS), `seconds` long. */
function tone(db: number, seconds: number): Float32Array {
  const peak = 10 ** (db / 20) * Math.SQRT2;
  return Float32Array.from({ length: seconds * RATE }, (_, i) => peak * Math.sin((2 * Math.PI * 440 * i) / RATE));
}

function run(part: Gate | Leveler, sound: Float32Array): Float32Array {
  const out = sound.slice();
  // Levels are taken over a block that is long enough for a period of the tone.
  for (let at = 0; at < out.length; at += BLOCK) {
    const block = out.subarray(at, at + BLOCK);
    const level = levelOf(sound.subarray(Math.max(0, at - 5 * BLOCK), at + BLOCK));
    if (part instanceof Gate) part.process(block, level);
    else part.process([block], level);
  }
  return out;
}

const activity = (threshold = -50) => Object.assign(new Gate(RATE), { settings: { mode: "activity" as const, threshold, pressed: false } });

describe("the level", () => {
  test("of a full sine is 3 dB below full scale, and of nothing is silence", () => {
    expect(levelOf(tone(-3.01, 1))).toBeCloseTo(-3.01, 1);
    expect(levelOf(new Float32Array(BLOCK))).toBe(SILENCE);
    expect(levelOf(new Float32Array(0))).toBe(SILENCE);
  });
});

describe("a gate of voice activity", () => {
  test("keeps what is below the threshold, and lets through what is above", () => {
    expect(levelOf(run(activity(), tone(-60, 0.5)))).toBe(SILENCE);
    expect(levelOf(run(activity(), tone(-30, 0.5)))).toBeCloseTo(-30, 0);
  });

  test("stays open through a pause between words, and closes after it", () => {
    const gate = activity();
    run(gate, tone(-30, 0.2));
    run(gate, new Float32Array(0.3 * RATE));
    expect(gate.open).toBe(true);
    run(gate, new Float32Array(0.2 * RATE));
    expect(gate.open).toBe(false);
  });

  test("does not flutter at a level just below the threshold", () => {
    const gate = activity();
    run(gate, tone(-48, 0.1));
    run(gate, tone(-53, 2));
    expect(gate.open).toBe(true);
    expect(run(activity(), tone(-53, 0.1)).every((sample) => sample === 0)).toBe(true);
  });

  test("never makes anything louder, nor jumps", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -90, max: -6 }), { minLength: 1, maxLength: 12 }), (levels) => {
        const gate = activity();
        for (const level of levels) {
          const sound = tone(level, 0.05);
          const out = run(gate, sound);
          expect(out.every((sample, i) => Math.abs(sample) <= Math.abs(sound[i]!) + 1e-6)).toBe(true);
          expect(out.every((sample, i) => i === 0 || Math.abs(sample - out[i - 1]!) < 0.09)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("push to talk", () => {
  test("lets through while the key is held, and a moment longer", () => {
    const gate = new Gate(RATE);
    gate.settings = { mode: "push", threshold: -50, pressed: false };
    expect(levelOf(run(gate, tone(-20, 0.2)))).toBe(SILENCE);
    gate.settings = { ...gate.settings, pressed: true };
    expect(levelOf(run(gate, tone(-20, 0.2)))).toBeCloseTo(-20, 0);
    gate.settings = { ...gate.settings, pressed: false };
    run(gate, tone(-20, 0.1));
    expect(gate.open).toBe(true);
    run(gate, tone(-20, 0.1));
    expect(gate.open).toBe(false);
  });
});

test("always on lets everything through", () => {
  const gate = new Gate(RATE);
  expect(levelOf(run(gate, tone(-80, 0.5)))).toBeCloseTo(-80, 0);
  expect(gate.open).toBe(true);
});

describe("evening out", () => {
  const leveler = () => Object.assign(new Leveler(RATE), { enabled: true });

  test.each([-40, -30, -14])("brings speech of %i dB near to −22", (level) => {
    const one = leveler();
    run(one, tone(level, 6));
    expect(levelOf(run(one, tone(level, 0.5)))).toBeCloseTo(-22, 0);
  });

  test("does not lift noise in a pause", () => {
    const one = leveler();
    run(one, tone(-22, 1));
    run(one, tone(-65, 10));
    expect(Math.abs(one.gainDb)).toBeLessThan(1);
  });

  test("never leaves full scale, however loud it gets", () => {
    const one = leveler();
    run(one, tone(-45, 5));
    expect(run(one, tone(-3.1, 1)).every((sample) => Math.abs(sample) <= 0.9)).toBe(true);
  });

  test("keeps where a sound of two channels comes from", () => {
    const one = leveler();
    const [left, right] = [tone(-30, 4), tone(-36, 4)];
    for (let at = 0; at < left.length; at += BLOCK) one.process([left.subarray(at, at + BLOCK), right.subarray(at, at + BLOCK)], -30);
    expect(levelOf(left.subarray(-RATE)) - levelOf(right.subarray(-RATE))).toBeCloseTo(6, 1);
    expect(levelOf(left.subarray(-RATE))).toBeCloseTo(-22, 0);
  });

  test("that is off changes nothing", () => {
    const sound = tone(-30, 0.5);
    expect(run(new Leveler(RATE), sound)).toEqual(sound);
  });
});
