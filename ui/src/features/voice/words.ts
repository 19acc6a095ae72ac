import { absurd } from "../../absurd";
import type { MicTrouble } from "../../backend/voice/engine";
import type { Call, Lost, Over } from "../../state/voice/call";

/** What happened, and what helps. */
export interface Words {
  text: string;
  help?: string;
  /** What a button that tries again says. */
  again?: string;
}

/** Where a call stands, in a few words. `channel` is its name. */
export function callWords(call: Call, channel: string): string {
  switch (call.at) {
    case "idle":
      return "Not in voice";
    case "joining":
      if (call.step.is === "absent") return "Waiting for the server…";
      return call.anywhere ? "Being moved…" : call.attempt > 1 ? `Joining ${channel}, again…` : `Joining ${channel}…`;
    case "connecting":
      return "Connecting…";
    case "connected":
      return `In ${channel}`;
    case "reconnecting":
      return call.step.is === "absent" ? "The server is away. Waiting for it…" : lostWords(call.why);
    case "ended":
      return `No longer in ${channel}`;
    default:
      return absurd(call);
  }
}

function lostWords(why: Lost): string {
  switch (why) {
    case "network":
      return "Lost the way. Finding a new one…";
    case "server":
      return "The server is back. Joining again…";
    case "failed":
      return "The connection broke. Trying again…";
    default:
      return absurd(why);
  }
}

/** Why a call ended that one did not end oneself. */
export function overWords(reason: Over, channel: string): Words {
  switch (reason) {
    case "taken_over":
      return { text: "You are in voice on another device now.", again: "Take it back here" };
    case "disconnected":
      return { text: `A moderator put you out of ${channel}.`, again: "Join again" };
    case "forbidden":
      return { text: `You may not be in ${channel}.`, help: "Whoever manages the space can let you in." };
    case "full":
      return { text: `${channel} is full.`, help: "Try again when somebody has left.", again: "Try again" };
    case "failed":
      return { text: "No way was found for voice.", help: "A firewall may be in between. Whoever runs the server can check that its media ports are open, for UDP and TCP.", again: "Try again" };
    case "unusable":
      return { text: "This browser cannot do voice.", help: "A current Firefox, Chromium or Safari can. An extension against WebRTC may be in the way, too." };
    default:
      return absurd(reason);
  }
}

/** What is wrong with the microphone. One can always listen meanwhile. */
export function troubleWords(trouble: MicTrouble): Words {
  switch (trouble.kind) {
    case "insecure":
      return { text: "Others cannot hear you: browsers give the microphone to https pages only.", help: "Open Snug by its https address. Whoever runs the server can turn that on. You can listen here." };
    case "denied":
      return { text: "Others cannot hear you: the browser may not use your microphone.", help: "Allow it beside the address bar, then try again. You can listen meanwhile.", again: "Try again" };
    case "missing":
      return { text: "There is no microphone.", help: "Plug one in: it is used at once. You can listen meanwhile." };
    case "busy":
      return { text: `${trouble.label} is in use by another program.`, help: "Close that program, or choose another microphone.", again: "Try again" };
    case "replaced":
      return { text: `${trouble.was} is gone. ${trouble.now} is used now.` };
    case "silent":
      return { text: `${trouble.label} gives no sound at all.`, help: "It may be muted in the system's sound settings, or by a switch on it. Or choose another microphone." };
    case "failed":
      return { text: `${trouble.label} does not work: ${trouble.message}`, help: "Plug it in again, or choose another microphone.", again: "Try again" };
    default:
      return absurd(trouble);
  }
}

/** The server gets nothing of what is said here, though the microphone seems well. */
export const UNHEARD: Words = {
  text: "You cannot be heard: no sound of yours arrives at the server.",
  help: "Speak, and watch the meter under Voice in the settings. If it moves, join again: the network may block what you send.",
  again: "Join again",
};
