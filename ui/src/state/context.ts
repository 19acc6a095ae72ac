import { createContext, useContext } from "solid-js";
import type { Snug } from "./snug";

export const SnugContext = createContext<Snug>();

/** The app's state and what can be done with it, for every component. */
export function useSnug(): Snug {
  const snug = useContext(SnugContext);
  if (!snug) throw new Error("useSnug is for components within SnugContext.Provider");
  return snug;
}
