import type { Device, Devices } from "../engine";

/** Names for "whatever the system uses" that Chromium puts into its list. */
const ALIASES = ["default", "communications"];

export const choosesOutput = (): boolean => "setSinkId" in AudioContext.prototype;

export async function listDevices(): Promise<Devices> {
  const found = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return sortDevices(found, choosesOutput());
}

/** What there is to choose, the default left out: it is always offered. */
export function sortDevices(found: readonly Pick<MediaDeviceInfo, "kind" | "deviceId" | "label">[], choosesOutput: boolean): Devices {
  const of = (kind: MediaDeviceKind): Device[] =>
    found
      .filter((one) => one.kind === kind && one.deviceId !== "" && !ALIASES.includes(one.deviceId))
      .map((one, at) => ({ id: one.deviceId, label: one.label || `${kind === "audioinput" ? "Microphone" : "Output"} ${at + 1}` }));
  return { inputs: of("audioinput"), outputs: choosesOutput ? of("audiooutput") : [], choosesOutput, named: found.some((one) => one.label !== "") };
}

export function watchDevices(changed: () => void): () => void {
  const { mediaDevices } = navigator;
  mediaDevices?.addEventListener("devicechange", changed);
  return () => mediaDevices?.removeEventListener("devicechange", changed);
}
