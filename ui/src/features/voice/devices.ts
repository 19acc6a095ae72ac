import { createSignal, onCleanup } from "solid-js";
import type { Devices } from "../../backend/voice/engine";
import { useSnug } from "../../state/context";
import type { Choice } from "../../components/RadioGroup";

/** What there is to speak into and hear from, as it is plugged in and pulled. */
export function createDevices(): { devices: () => Devices | undefined; look: () => void } {
  const { voice } = useSnug();
  const [devices, setDevices] = createSignal<Devices>();
  let stop: (() => void) | undefined;
  let gone = false;
  const look = (): void => void voice.engine().then(async (engine) => setDevices(await engine.devices()));
  void voice.engine().then((engine) => {
    if (!gone) stop = engine.onDevices(look);
  });
  look();
  onCleanup(() => {
    gone = true;
    stop?.();
  });
  return { devices, look };
}

const DEFAULT = "default";

/** Devices to choose from; the default first. One that was chosen and is not there now stays to be seen. */
export function choicesOf(found: Devices["inputs"], chosen: string | null): Choice<string>[] {
  const missing = chosen !== null && !found.some((one) => one.id === chosen);
  return [
    { value: DEFAULT, label: "The system's default" },
    ...found.map((one) => ({ value: one.id, label: one.label })),
    ...(missing ? [{ value: chosen, label: "The one you chose, not plugged in now", disabled: true }] : []),
  ];
}

export const toChoice = (device: string | null): string => device ?? DEFAULT;
export const fromChoice = (value: string): string | null => (value === DEFAULT ? null : value);
