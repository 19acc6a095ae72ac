// Runs a program of this folder, which is TypeScript: node e2e/run.mjs FILE [FLAGS…]
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const [file, ...flags] = process.argv.slice(2);
const { module } = await runnerImport(fileURLToPath(new URL(file, import.meta.url)), { configFile: false, logLevel: "error" });
await module.main(flags);
