import { beforeEach, expect, test } from "vitest";
import type { VoiceCommand } from "../../protocol/desktop";
import { settle } from "../../testing/clock";
import { cleanPreferences } from "../../state/preferences";
import type { VoiceListener, VoiceSettings } from "../voice/engine";
import { nativeEngine } from "./voice";

let told: VoiceCommand[];
const engine = () => nativeEngine({ attach: () => Promise.resolve(), command: (command) => (told.push(command), Promise.resolve()) });

const { device, mode, threshold, echo, noise, gain, output, even } = cleanPreferences({}).voice;
const settings: VoiceSettings = { input: { device, mode, threshold, echo, noise, gain }, output, even };
const nothing = (): void => undefined;
const listener: VoiceListener = { doubtful: nothing, media: nothing, meter: nothing, trouble: nothing, outputLost: nothing, networkChanged: nothing };

beforeEach(() => {
  told = [];
});

test("what held for one call does not for the next: who was softer, and a key that is held", async () => {
  const media = engine().open(settings, listener);
  media.setVolume("2", 0);
  media.setVolume("3", 1.5);
  media.setVolume("3", 1);
  media.setPressed(true);
  await settle();
  told = [];
  media.close();
  await settle();
  expect(told).toEqual([{ type: "leave" }, { type: "hold", on: false }, { type: "volume", user: "2", percent: 100 }]);
});
