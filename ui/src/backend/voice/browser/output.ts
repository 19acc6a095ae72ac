/** So long nobody may need it before it rests: a graph that plays nothing still keeps the sound device awake. */
const REST_MS = 3_000;

let shared: AudioContext | undefined;
let users = 0;
let resting: ReturnType<typeof setTimeout> | undefined;

/** The one audio graph of the page. First asked for within a click, or it waits for one before it plays. */
export function context(): AudioContext {
  shared ??= new AudioContext({ latencyHint: "interactive" });
  return shared;
}

/** Keeps the graph running until what this returns is called. */
export function keepAwake(): () => void {
  users += 1;
  clearTimeout(resting);
  void context().resume();
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    users -= 1;
    if (users === 0) resting = setTimeout(() => void context().suspend(), REST_MS);
  };
}

/** Where sound comes out; nothing: the default. What cannot be had becomes the default. */
export async function applySink(device: string | null): Promise<void> {
  const one = context() as AudioContext & { setSinkId?(id: string): Promise<void> };
  if (!one.setSinkId) return;
  try {
    await one.setSinkId(device ?? "");
  } catch {
    await one.setSinkId("").catch(() => undefined);
  }
}
