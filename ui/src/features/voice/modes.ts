import type { TalkMode } from "../../backend/voice/engine";

export const MODES: { value: TalkMode; label: string; short: string; hint: string }[] = [
  { value: "activity", label: "When I speak", short: "Activity", hint: "What is louder than the threshold is sent." },
  { value: "push", label: "While I hold a key", short: "Push", hint: "Push to talk: nothing is sent while it is up." },
  { value: "always", label: "Always", short: "Always", hint: "Everything is sent until you mute yourself." },
];
