import { defineConfig } from "vitest/config";
import solid from "vite-plugin-solid";
import { compress } from "./scripts/compress.ts";
import { emoji } from "./scripts/emoji.ts";

/** Where `scripts/run --dev` starts the server. */
const server = process.env.SNUG_SERVER ?? "http://127.0.0.1:7070";

export default defineConfig({
  plugins: [solid(), emoji(), compress()],
  // One style sheet, with the page: Vite asks for that of a part once only, and would show the part without it afterwards.
  build: { target: "es2022", modulePreload: { polyfill: false }, cssCodeSplit: false },
  server: {
    proxy: { "^/api/": server, "/ws": { target: server, ws: true } },
  },
  test: { environment: "node", include: ["src/**/*.test.{ts,tsx}"] },
});
