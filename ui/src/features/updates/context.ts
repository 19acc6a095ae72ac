import { createContext, useContext } from "solid-js";
import type { Updates } from "../../state/updates";

export const UpdatesContext = createContext<Updates>();

/** How the desktop app is brought up to date; nothing in a browser, where the server brings the page. */
export const useUpdates = (): Updates | undefined => useContext(UpdatesContext);
