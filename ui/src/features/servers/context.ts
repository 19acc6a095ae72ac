import { createContext, useContext } from "solid-js";
import type { Fleet } from "../../state/fleet";

export const FleetContext = createContext<Fleet>();

/** All servers, in the desktop app; nothing in a browser, where there is the one that the page is from. */
export const useFleet = (): Fleet | undefined => useContext(FleetContext);
