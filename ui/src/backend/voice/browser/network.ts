/** Several signs of one change come together. */
const SETTLE_MS = 300;

interface NetworkInformation extends EventTarget {
  type?: string;
}

/** Calls back when this device is on another network than before. Returns how to stop. */
export function watchNetwork(changed: () => void): () => void {
  const { connection } = navigator as Navigator & { connection?: NetworkInformation };
  let type = connection?.type;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, SETTLE_MS);
  };
  // It also tells of every new estimate of the bandwidth.
  const other = (): void => {
    if (connection?.type === type && type !== undefined) return;
    if (type === undefined) return;
    type = connection?.type;
    soon();
  };
  addEventListener("online", soon);
  connection?.addEventListener("change", other);
  return () => {
    clearTimeout(waiting);
    removeEventListener("online", soon);
    connection?.removeEventListener("change", other);
  };
}
