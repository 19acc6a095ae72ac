import { absurd } from "../../absurd";
import type { ReadKeyboards, ShortcutAction, ShortcutWay, WayStanding } from "../../protocol/desktop";

export const ACTIONS: Record<ShortcutAction, string> = { talk: "Talk while it is held", mute: "Mute yourself, or not", deafen: "Deafen yourself, or not" };

export const WAYS: Record<ShortcutWay, { name: string; what: string }> = {
  portal: { name: "The desktop", what: "It keeps the keys, and tells Snug when they are pressed." },
  x11: { name: "The X server", what: "It tells of every key, and takes none from the program that has the focus." },
  socket: { name: "Commands", what: "The desktop runs snug-ptt when a key is pressed." },
  evdev: { name: "The keyboards themselves", what: "Snug reads keyboards and mice." },
};

export const READ: { value: ReadKeyboards; label: string; hint: string }[] = [
  { value: "never", label: "Never", hint: "Keys come by the desktop or the X server, or not at all." },
  { value: "otherwise", label: "Where neither the desktop nor the X server tells of keys", hint: "On Wayland desktops without shortcuts for programs." },
  { value: "first", label: "Always", hint: "Also for buttons of the mouse, which desktops seldom take." },
];

/** How a way stands, in a word. */
export function standingWord(standing: WayStanding): { word: string; look: "good" | "warn" | "quiet" } {
  switch (standing.at) {
    case "active":
      return { word: "In use", look: "good" };
    case "trying":
      return { word: "Trying…", look: "quiet" };
    case "asking":
      return { word: "Asks you", look: "warn" };
    case "idle":
      return { word: "Not in use", look: "quiet" };
    case "failed":
      return { word: "Not here", look: "quiet" };
    default:
      return absurd(standing);
  }
}

/** What is to be known of how a way stands, beside what it is. */
export function standingHelp(way: ShortcutWay, standing: WayStanding): string {
  switch (standing.at) {
    case "failed":
      return [standing.why, standing.hint].filter((part) => part !== null).join(" ");
    case "asking":
      return "The desktop shows a dialog in which you choose the keys. It may be behind this window.";
    case "active":
    case "trying":
    case "idle":
      return WAYS[way].what;
    default:
      return absurd(standing);
  }
}

/** What a terminal does to write a file of udev's, and to use it at once. */
export const ruleCommand = (rule: { path: string; text: string; reload: string }): string => `sudo tee ${rule.path} <<'END'\n${rule.text.trimEnd()}\nEND\n${rule.reload}`;

const PLAIN = /^[\w./-]+$/;

/** A program's name or path, as a shell takes it. */
export const quoted = (command: string): string => (PLAIN.test(command) ? command : `'${command.replaceAll("'", `'\\''`)}'`);
