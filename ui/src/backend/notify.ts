import type { Notices, Permission } from "./notices";

function permission(): Permission {
  return "Notification" in window && isSecureContext ? Notification.permission : "unavailable";
}

/** Notifications as browsers have them. */
export function browserNotices(): Notices {
  const shown = new Map<string, Notification>();
  return {
    usual: false,
    permission,
    ask: async () => (permission() === "default" ? Notification.requestPermission() : permission()),
    tell: ({ channelId, title, body, icon }, how, opened) => {
      if (how.sound) chime();
      if (!how.shown || permission() !== "granted") return;
      try {
        const note = new Notification(title, { body, tag: channelId, ...(icon === undefined ? {} : { icon }) });
        shown.set(channelId, note);
        note.onclick = () => {
          window.focus();
          opened();
          note.close();
        };
      } catch {
        // Android's browsers have notifications only for service workers.
      }
    },
    ring: chime,
    withdraw: (channelId) => {
      shown.get(channelId)?.close();
      shown.delete(channelId);
    },
  };
}

let context: AudioContext | undefined;

/** Two soft notes. Silent until the page was clicked once: browsers want it so. */
function chime(): void {
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
