import { execFileSync } from "node:child_process";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];

/** Nothing but the pages under test may use the network or the processor. */
const QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run"];

/** The browser named by CHROMIUM, or the first that is installed. */
export function findChromium(): string {
  const named = process.env["CHROMIUM"];
  if (named) return named;
  for (const name of NAMES) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // Not that one.
    }
  }
  throw new Error("there is no Chromium: install one, or name it by CHROMIUM=/path/to/chrome");
}

/** Chromium's sandbox does not work for root. */
export const sandboxFlags = (): string[] => (process.getuid?.() === 0 ? ["--no-sandbox"] : []);

interface LaunchOptions {
  /** What the pages play comes out of the system's loudspeaker. */
  audible?: boolean;
  /** Another program, that runs the browser with the flags it gets. */
  program?: (browser: string) => string;
}

export function launch(more: readonly string[] = [], { audible = false, program = (browser) => browser }: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({ executablePath: program(findChromium()), args: [...sandboxFlags(), ...QUIET, ...more], ignoreDefaultArgs: audible ? ["--mute-audio"] : [] });
}
