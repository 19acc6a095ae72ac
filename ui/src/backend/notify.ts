/** Whether the system's notifications can be used. Browsers offer them only to secure origins. */
export type Permission = "granted" | "denied" | "default" | "unavailable";

export function notifyPermission(): Permission {
  return "Notification" in window && isSecureContext ? Notification.permission : "unavailable";
}

/** Asks the person. Must be called from a click. */
export async function askToNotify(): Promise<Permission> {
  return notifyPermission() === "default" ? Notification.requestPermission() : notifyPermission();
}

/** Shows a notification; `tag` replaces an earlier one about the same. */
export function notify(note: { title: string; body: string; tag: string; icon?: string; opened(): void }): void {
  if (notifyPermission() !== "granted") return;
  const options: NotificationOptions = { body: note.body, tag: note.tag };
  if (note.icon !== undefined) options.icon = note.icon;
  try {
    const shown = new Notification(note.title, options);
    shown.onclick = () => {
      window.focus();
      note.opened();
      shown.close();
    };
  } catch {
    // Android's browsers have notifications only for service workers.
  }
}

let context: AudioContext | undefined;

/** Two soft notes. Silent until the page was clicked once: browsers want it so. */
export function chime(): void {
  context ??= new AudioContext();
  if (context.state !== "running") return void context.resume().catch(() => undefined);
  const start = context.currentTime;
  for (const [delay, hertz] of [
    [0, 587.33],
    [0.09, 880],
  ] as const) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, start + delay);
    gain.gain.linearRampToValueAtTime(0.12, start + delay + 0.01);
    gain.gain.exponentialRampToValueAtTime(0.001, start + delay + 0.35);
    tone.connect(gain).connect(context.destination);
    tone.start(start + delay);
    tone.stop(start + delay + 0.4);
  }
}

/** Puts text where it can be pasted from. On plain http only the old way works. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    const focused = document.activeElement;
    // Within an open dialog, whose focus trap would take the focus back from elsewhere.
    (focused?.parentElement ?? document.body).append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return done;
  }
}
