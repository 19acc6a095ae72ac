import { defineConfig } from "vitest/config";

/** The desktop app as it is in packages: scripts/test-packages makes what this needs, and runs it. */
export default defineConfig({
  test: {
    environment: "node",
    include: ["e2e/packages/**/*.packages.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
