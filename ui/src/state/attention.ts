import { createSignal } from "solid-js";
import type { ChannelId } from "../protocol/generated";

const isThere = (): boolean => document.visibilityState === "visible" && document.hasFocus();
const [looking, setLooking] = createSignal(isThere());
for (const event of ["focus", "blur"] as const) addEventListener(event, () => setLooking(isThere()));
document.addEventListener("visibilitychange", () => setLooking(isThere()));

/** Whether somebody looks at the app: it is visible and has the focus. */
export { looking };

const [openChannel, setOpenChannel] = createSignal<ChannelId | null>(null);

/** The channel that is open, if any. */
export { openChannel, setOpenChannel };

/** Whether somebody looks at this channel. */
export const looksAt = (id: ChannelId): boolean => looking() && openChannel() === id;
