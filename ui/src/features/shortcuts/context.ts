import { createContext, useContext } from "solid-js";
import type { GlobalKeys } from "../../state/globalKeys";

export const GlobalKeysContext = createContext<GlobalKeys>();

/** Keys that work from anywhere, in the desktop app; nothing in a browser, whose pages have keys only while they have the focus. */
export const useGlobalKeys = (): GlobalKeys | undefined => useContext(GlobalKeysContext);
