import { createContext, createSignal, useContext } from "solid-js";
import type { Snug } from "./snug";

/** Which panel is drawn over the messages where there is no room beside them. */
export type Drawer = "nav" | "side" | null;
/** What the panel on the right shows. */
export type Side = "members" | "pins";

export type Layout = ReturnType<typeof createLayout>;

const NARROW = "(max-width: 760px)";
const NO_SIDE = "(max-width: 1080px)";

/** Where the panels are. On a wide window they stand beside the messages, on a narrow one they slide over them. */
export function createLayout(snug: Snug) {
  const [drawer, setDrawer] = createSignal<Drawer>(null);
  const [side, setSide] = createSignal<Side>("members");
  const narrow = media(NARROW);
  const noSide = media(NO_SIDE);
  const sideOpen = (): boolean => (noSide() ? drawer() === "side" : snug.preferences.membersOpen);
  return {
    drawer,
    narrow,
    noSide,
    side,
    sideOpen,
    openNav: () => setDrawer("nav"),
    closeDrawer: () => setDrawer(null),
    /** Shows a panel on the right, or takes it away if it is there. */
    toggleSide: (wanted: Side) => {
      const open = !(sideOpen() && side() === wanted);
      setSide(wanted);
      if (noSide()) setDrawer(open ? "side" : null);
      else snug.setPreferences("membersOpen", open);
    },
  };
}

function media(query: string): () => boolean {
  const list = matchMedia(query);
  const [matches, setMatches] = createSignal(list.matches);
  list.addEventListener("change", () => setMatches(list.matches));
  return matches;
}

export const LayoutContext = createContext<Layout>();

export function useLayout(): Layout {
  const layout = useContext(LayoutContext);
  if (!layout) throw new Error("useLayout is for components within the shell");
  return layout;
}
