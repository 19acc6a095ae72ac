import { createSignal } from "solid-js";

const [switcherOpen, setSwitcherOpen] = createSignal(false);
export { setSwitcherOpen, switcherOpen };
export const openSwitcher = (): void => void setSwitcherOpen(true);
