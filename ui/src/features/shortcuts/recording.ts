import { createEffect, onCleanup } from "solid-js";

/** While a key is chosen, it does nothing else in this window; and it is chosen only as long as the window has the focus. */
export function watchRecording(recording: () => boolean, stop: () => void): void {
  createEffect(() => {
    if (!recording()) return;
    const swallow = (event: Event): void => {
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const kinds = ["keydown", "keypress", "keyup"] as const;
    for (const kind of kinds) addEventListener(kind, swallow, true);
    addEventListener("blur", stop);
    onCleanup(() => {
      for (const kind of kinds) removeEventListener(kind, swallow, true);
      removeEventListener("blur", stop);
    });
  });
  onCleanup(() => recording() && stop());
}
