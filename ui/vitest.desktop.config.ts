import { defineConfig } from "vitest/config";

/** The desktop app in a real window. One file after another: each has a screen, sound and browsers of its own. */
export default defineConfig({
  test: {
    environment: "node",
    include: ["e2e/desktop/**/*.desktop.ts"],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
