import fc from "fast-check";
import { test } from "vitest";
import { anySource } from "./generate";
import { check } from "./properties";

/** How many sources; `SNUG_FUZZ_RUNS=1000000` for a long run. `SNUG_FUZZ_SEED` repeats one. */
const runs = Number(process.env["SNUG_FUZZ_RUNS"] ?? 3_000);
const seed = process.env["SNUG_FUZZ_SEED"];

test("every source becomes a bounded tree with safe links that keeps all letters", { timeout: 3_600_000 }, () => {
  fc.assert(fc.property(anySource, check), { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) });
});
