import { insist } from "../../insist";
import workletUrl from "./microphone.worklet.ts?worker&url";

/** Once for each context. */
const loaded = new WeakMap<AudioContext, Promise<void>>();

/** Loads what runs in the audio thread. Rejects where there is none: browsers give it to https pages only. */
export function loadWorklet(context: AudioContext): Promise<void> {
  const known = loaded.get(context);
  if (known) return known;
  const fetch = async (): Promise<void> => {
    // A call that is over needs none.
    if (context.state !== "closed") await context.audioWorklet.addModule(workletUrl);
  };
  const loading = context.audioWorklet ? insist(fetch) : Promise.reject(new Error("no audio worklet"));
  loaded.set(context, loading);
  // What did not work may work another time.
  loading.catch(() => loaded.delete(context));
  return loading;
}
