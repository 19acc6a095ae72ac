import type { ChannelId } from "../protocol/generated";

let open: ChannelId | null = null;

/** Which channel is open; nothing while none is. */
export function setOpenChannel(id: ChannelId | null): void {
  open = id;
}

/** Whether somebody looks at the app at all. */
export const looks = (): boolean => document.visibilityState === "visible" && document.hasFocus();

/** Whether somebody looks at this channel. */
export const looksAt = (id: ChannelId): boolean => looks() && open === id;
