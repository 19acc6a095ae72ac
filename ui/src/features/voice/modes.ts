import type { TalkMode } from "../../backend/voice/engine";

export const MODES: { value: TalkMode; label: string; short: string; hint: string }[] = [
  { value: "activity", label: "When I speak", short: "Activity", hint: "What is louder than the threshold is sent." },
  { value: "push", label: "While I hold a key", short: "Push", hint: "Push to talk. In a browser the key works while this page has the focus." },
  { value: "always", label: "Always", short: "Always", hint: "Everything is sent until you mute yourself." },
];
