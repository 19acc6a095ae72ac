import { onCleanup } from "solid-js";
import { isActive } from "../../state/voice/call";
import type { Snug } from "../../state/snug";
import type { Voice } from "../../state/voice/voice";
import { once } from "../../state/once";

/** Mute and deafen from anywhere, and push to talk, while the page has the focus. `talking` says whose call it is. */
export function watchVoiceKeys(talking: () => Snug): void {
  const held = new Set<Voice>();
  const down = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.shiftKey && !event.altKey && (event.code === "KeyM" || event.code === "KeyH")) {
      event.preventDefault();
      if (event.repeat || !once(event.code === "KeyM" ? "mute" : "deafen", "window")) return;
      const { voice } = talking();
      if (event.code === "KeyM") voice.setMuted(!voice.muted());
      else voice.setDeafened(!voice.deafened());
      return;
    }
    if (!talks(event)) return;
    event.preventDefault();
    if (event.repeat) return;
    held.add(talking().voice);
    talking().voice.press(true);
  };
  /** Whether it is the key of push to talk. One that writes something writes where one writes. */
  const talks = (event: KeyboardEvent): boolean => {
    const { preferences, voice } = talking();
    const { mode, key } = preferences.voice;
    if (mode !== "push" || event.code !== key || !isActive(voice.call())) return false;
    const at = event.target;
    const writing = at instanceof HTMLElement && (at.isContentEditable || at.matches("input, textarea, select"));
    return !(writing && event.key.length === 1);
  };
  const up = (event: KeyboardEvent): void => {
    if (event.code === talking().preferences.voice.key) away();
  };
  // The key may come up in another window, or on another page.
  const away = (): void => {
    for (const voice of held) voice.press(false);
    held.clear();
  };
  addEventListener("keydown", down);
  addEventListener("keyup", up);
  addEventListener("blur", away);
  onCleanup(() => {
    away();
    removeEventListener("keydown", down);
    removeEventListener("keyup", up);
    removeEventListener("blur", away);
  });
}

/** What a key is called, by `KeyboardEvent.code`. */
export function keyName(code: string): string {
  const named: Record<string, string> = { Backquote: "` (beside 1)", Space: "Space", ControlLeft: "Left Ctrl", ControlRight: "Right Ctrl", ShiftLeft: "Left Shift", ShiftRight: "Right Shift", AltLeft: "Left Alt", AltRight: "Right Alt", CapsLock: "Caps Lock" };
  return named[code] ?? code.replace(/^(Key|Digit)/, "").replace(/^Numpad/, "Numpad ").replace(/([a-z])([A-Z])/g, "$1 $2");
}
