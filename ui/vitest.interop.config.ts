import { defineConfig } from "vitest/config";

/** Calls among real clients of different makes. One file after another: they need the processor. */
export default defineConfig({
  test: {
    environment: "node",
    include: ["e2e/interop/**/*.interop.ts"],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
