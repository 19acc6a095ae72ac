import type { createHeight } from "./size";
import css from "./panel.module.css";

/** How much a key changes the height, in pixels. */
const STEP = 24;

/** The edge of the panel: dragged, or moved by arrow keys. */
export function Grip(props: { size: ReturnType<typeof createHeight> }) {
  const drag = (down: PointerEvent & { currentTarget: HTMLElement }): void => {
    const edge = down.currentTarget;
    const from = props.size.height();
    edge.setPointerCapture(down.pointerId);
    const move = (event: PointerEvent): void => props.size.change(from + down.clientY - event.clientY);
    const up = (): void => {
      edge.removeEventListener("pointermove", move);
      props.size.keep();
    };
    edge.addEventListener("pointermove", move);
    edge.addEventListener("lostpointercapture", up, { once: true });
    down.preventDefault();
  };
  const keys = (event: KeyboardEvent): void => {
    const { height, least, most, change, keep } = props.size;
    const to = { ArrowUp: height() + STEP, ArrowDown: height() - STEP, Home: most(), End: least }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    change(to);
    keep();
  };
  return (
    <div
      class={css.grip}
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the diagnostics"
      aria-valuemin={props.size.least}
      aria-valuemax={props.size.most()}
      aria-valuenow={props.size.height()}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={keys}
    />
  );
}
