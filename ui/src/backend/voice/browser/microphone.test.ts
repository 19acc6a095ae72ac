import { expect, test } from "vitest";
import type { InputSettings } from "../engine";
import { sortDevices } from "./devices";
import { constraints, troubleOf } from "./microphone";

const settings: InputSettings = { device: null, mode: "activity", threshold: -50, echo: true, noise: true, gain: true };
const named = (name: string): Error => Object.assign(new Error("no"), { name });

test("the browser's own gain control is never asked for", () => {
  expect(constraints(settings, false)).toMatchObject({ echoCancellation: true, noiseSuppression: true, autoGainControl: false });
});

test("a chosen device is meant, and heard raw nothing is done to it", () => {
  expect(constraints({ ...settings, device: "usb" }, true)).toMatchObject({ deviceId: { exact: "usb" }, echoCancellation: false, noiseSuppression: false });
});

test.each([
  ["NotAllowedError", "denied"],
  ["NotFoundError", "missing"],
  ["NotReadableError", "busy"],
  ["TypeError", "failed"],
])("%s means that the microphone is %s", (name, kind) => {
  expect(troubleOf(named(name), "USB").kind).toBe(kind);
});

test("devices are listed without the default, which has many names", () => {
  const found = [
    { kind: "audioinput" as const, deviceId: "default", label: "Default - USB" },
    { kind: "audioinput" as const, deviceId: "u", label: "USB" },
    { kind: "audioinput" as const, deviceId: "v", label: "" },
    { kind: "audiooutput" as const, deviceId: "s", label: "Speakers" },
    { kind: "videoinput" as const, deviceId: "c", label: "Camera" },
  ];
  expect(sortDevices(found, true)).toEqual({ inputs: [{ id: "u", label: "USB" }, { id: "v", label: "Microphone 2" }], outputs: [{ id: "s", label: "Speakers" }], choosesOutput: true, named: true });
  expect(sortDevices([{ kind: "audioinput", deviceId: "", label: "" }], false)).toEqual({ inputs: [], outputs: [], choosesOutput: false, named: false });
});
