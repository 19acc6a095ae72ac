import { createSignal } from "solid-js";

const [shortcutsOpen, setShortcutsOpen] = createSignal(false);
export { setShortcutsOpen, shortcutsOpen };
/** Shows what can be done with the keyboard. */
export const openShortcuts = (): void => void setShortcutsOpen(true);
