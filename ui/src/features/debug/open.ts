import { createSignal } from "solid-js";

const [debugOpen, setDebugOpen] = createSignal(false);
export { debugOpen, setDebugOpen };
/** Shows what voice measures of itself. */
export const openDebug = (): void => void setDebugOpen(true);
/** The keys that show it and take it away, wherever one is. */
export const DEBUG_KEYS = "Ctrl+Shift+D";
