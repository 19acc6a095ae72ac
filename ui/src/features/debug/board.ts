import type { Timeline } from "./columns";
import type { Paint } from "./paint";

/** What all plots share. */
export interface Board {
  timeline(): Timeline;
  /** Where in time the pointer is, as an index; nothing: nowhere. */
  cursor(): number | null;
  setCursor(at: number | null): void;
  paint: Paint;
}
