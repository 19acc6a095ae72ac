import { type Component, lazy } from "solid-js";
import { insist } from "../backend/insist";

/** A part of the app that is fetched when it is first shown: `part(() => import("./Large"))`. */
export function part<T extends Component<any>>(fetch: () => Promise<{ default: T }>): T & { preload: () => Promise<{ default: T }> } {
  return lazy(() => insist(fetch));
}
