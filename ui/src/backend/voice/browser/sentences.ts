import { absurd } from "../../../absurd";
import type { MicTrouble } from "../engine";

/** What is wrong with the microphone, for the log. */
export function troubleSentence(trouble: MicTrouble): string {
  switch (trouble.kind) {
    case "insecure":
      return "There is no microphone for pages that are not https.";
    case "denied":
      return "The browser may not use the microphone.";
    case "missing":
      return "There is no microphone.";
    case "busy":
      return `The microphone “${trouble.label}” is in use by another program.`;
    case "replaced":
      return `The microphone “${trouble.was}” is gone. “${trouble.now}” is used in its place.`;
    case "silent":
      return `The microphone “${trouble.label}” gives no sound at all.`;
    case "failed":
      return `The microphone “${trouble.label}” does not work: ${trouble.message}`;
    default:
      return absurd(trouble);
  }
}
