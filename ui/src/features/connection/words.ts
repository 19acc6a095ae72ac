import { absurd } from "../../absurd";
import type { Phase } from "../../backend/gateway";
import { versionWords } from "../../backend/version";

/** What a phase means to the person. `page`: the server brought the app, as in a browser. */
export function words(phase: Phase, page: boolean): string {
  switch (phase.at) {
    case "off":
      return "Not connected.";
    case "offline":
      return "You are offline. What you write is sent when you are back.";
    case "connecting":
    case "identifying":
      return "Connecting…";
    case "resuming":
      return "Catching up…";
    case "ready":
      return "Connected.";
    case "waiting":
      return "Connection lost. What you write is sent when it is back.";
    case "ended":
      return phase.why.kind === "version" ? versionWords(phase.why.older, page) : phase.why.message;
    default:
      return absurd(phase);
  }
}

/** When the next attempt is due. Counted down, so it is not read aloud. */
export function countdown(phase: Phase, now: number): string | undefined {
  if (phase.at !== "waiting") return undefined;
  const seconds = Math.ceil((phase.until - now) / 1_000);
  return seconds > 1 ? `Trying again in ${seconds} s.` : "Trying again…";
}
