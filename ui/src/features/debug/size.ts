import { createSignal } from "solid-js";
import { browserShelf, kept } from "../../backend/storage";

/** Heights in pixels. */
const LEAST = 160;
const USUAL = 400;
/** What is left to the app. */
const LEFT = 200;

const keeper = kept(browserShelf(), "snug.debug.height", (found) => (typeof found === "number" && Number.isFinite(found) ? Math.max(LEAST, found) : USUAL));

/** How high the panel is: remembered, and never so high that nothing is left of the app. */
export function createHeight() {
  const [wanted, setWanted] = createSignal(keeper.read());
  const most = (): number => Math.max(LEAST, innerHeight - LEFT);
  return {
    height: () => Math.min(wanted(), most()),
    least: LEAST,
    most,
    change: (height: number): void => {
      setWanted(Math.round(Math.min(most(), Math.max(LEAST, height))));
    },
    keep: (): void => keeper.write(wanted()),
  };
}
