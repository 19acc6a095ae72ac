import { defineConfig } from "vitest/config";

/** The tests in a real browser: each file has a server and a browser of its own. */
export default defineConfig({
  test: {
    environment: "node",
    include: ["e2e/**/*.spec.ts"],
    testTimeout: 90_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
