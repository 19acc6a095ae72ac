import { createEffect, createRoot } from "solid-js";

/** What has not come by then comes when the connection is back. */
const PATIENCE_MS = 10_000;

/** Waits until what a request has made is in the store: it comes by the gateway, perhaps later than the request's answer. */
export function arrival(there: () => boolean): Promise<void> {
  return new Promise((done) =>
    createRoot((dispose) => {
      const end = (): void => {
        clearTimeout(late);
        dispose();
        done();
      };
      const late = setTimeout(end, PATIENCE_MS);
      createEffect(() => there() && queueMicrotask(end));
    }),
  );
}
