import { batch, createSignal } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { absurd } from "../absurd";
import type { ShortcutCommand, ShortcutState, ShortcutToggle, ShortcutUpdate } from "../protocol/desktop";
import type { Once } from "./once";
import type { Voice } from "./voice/voice";

/** How the window reaches the app's keys. */
export interface KeysBridge {
  /** Tells how they are, and then what changes and happens. */
  attach(told: (update: ShortcutUpdate) => void): Promise<void>;
  command(command: ShortcutCommand): Promise<void>;
}

export type GlobalKeys = ReturnType<typeof createGlobalKeys>;

/** Keys that work while another program has the focus. `voice` is what they mute and deafen; talking is the app's own. */
export function createGlobalKeys(bridge: KeysBridge, voice: () => Pick<Voice, "muted" | "setMuted" | "deafened" | "setDeafened"> | undefined, once: Once) {
  const [store, setStore] = createStore<{ state: ShortcutState | null }>({ state: null });
  const [talking, setTalking] = createSignal(false);
  const [counts, setCounts] = createSignal<Record<ShortcutToggle, number>>({ mute: 0, deafen: 0 });

  const toggle = (what: ShortcutToggle): void => {
    setCounts((all) => ({ ...all, [what]: all[what] + 1 }));
    const mine = voice();
    if (mine === undefined || !once(what, "anywhere")) return;
    switch (what) {
      case "mute":
        return mine.setMuted(!mine.muted());
      case "deafen":
        return mine.setDeafened(!mine.deafened());
      default:
        return absurd(what);
    }
  };
  const hear = (update: ShortcutUpdate): void => {
    switch (update.type) {
      case "state":
        return batch(() => {
          setTalking(update.state.talking);
          // Rows stay where they are, and with them the focus.
          setStore("state", reconcile(update.state, { key: null, merge: true }));
        });
      case "talk":
        return void setTalking(update.down);
      case "toggle":
        return toggle(update.what);
      default:
        return absurd(update);
    }
  };
  bridge.attach(hear).catch((thrown: Error) => console.error(thrown.message));

  return {
    /** Nothing before it is known. */
    state: (): ShortcutState | null => store.state,
    /** Whether the key for talking is down. */
    talking,
    /** How often the other keys were pressed, since the window is there. */
    count: (what: ShortcutToggle): number => counts()[what],
    tell: (command: ShortcutCommand): void => void bridge.command(command).catch((thrown: Error) => console.error(thrown.message)),
  };
}
