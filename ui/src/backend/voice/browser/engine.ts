import type { VoiceEngine } from "../engine";
import { Recorder } from "../recorder";
import { play } from "./cues";
import { listDevices, watchDevices } from "./devices";
import { BrowserMedia } from "./media";
import { BrowserTest } from "./loopback";

const recorder = new Recorder();

/** Voice as a browser has it. Loaded when it is first wanted. */
export const engine: VoiceEngine = {
  recorder,
  devices: listDevices,
  onDevices: watchDevices,
  open: (settings, listener) => new BrowserMedia(settings, listener, recorder),
  test: (settings, listener) => new BrowserTest(settings, listener),
  cue: (cue, output) => void play(cue, output).catch(() => undefined),
};
