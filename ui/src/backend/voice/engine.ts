import type { TrackKind, UserId, VoiceOffer, VoiceTrack } from "../../protocol/generated";
import type { Recorder } from "./recorder";

/*
 * What the app needs of whatever carries voice. In a browser that is WebRTC and WebAudio (`browser/`); a native engine
 * stands behind the same interface. It takes offers and gives answers, and never opens the gateway itself.
 */

/** When the microphone is sent. */
export type TalkMode = (typeof TALK_MODES)[number];
export const TALK_MODES = [
  /** While it is louder than the threshold. */
  "activity",
  /** While a key is held. */
  "push",
  "always",
] as const;

/** How the microphone is taken and what is made of it. */
export interface InputSettings {
  /** Nothing: whatever the system has as its default. */
  device: string | null;
  mode: TalkMode;
  /** From which level on it counts as speech, in dBFS. Only for `activity`. */
  threshold: number;
  echo: boolean;
  noise: boolean;
  /** Brings speech to an even level, in software: the system's own level is left alone. */
  gain: boolean;
}

export interface VoiceSettings {
  input: InputSettings;
  /** Nothing: the default. */
  output: string | null;
  /** Brings all who are heard to one loudness. */
  even: boolean;
}

export interface Device {
  id: string;
  label: string;
}

export interface Devices {
  inputs: Device[];
  outputs: Device[];
  /** Whether this program can choose where sound comes out. */
  choosesOutput: boolean;
  /** The names are told only after the person has allowed the microphone. */
  named: boolean;
}

/** Why the microphone gives nothing, or not what was chosen. One can still listen. */
export type MicTrouble =
  /** Browsers give the microphone to https pages only. */
  | { kind: "insecure" }
  | { kind: "denied" }
  | { kind: "missing" }
  /** Another program has it. */
  | { kind: "busy"; label: string }
  /** It was unplugged; `now` is used instead. */
  | { kind: "replaced"; was: string; now: string }
  /** It gives no sound at all, not even noise: muted by the system or by a switch on it. */
  | { kind: "silent"; label: string }
  | { kind: "failed"; label: string; message: string };

/** The microphone at one moment. Levels are RMS in dBFS: 0 is full scale, and {@link SILENCE} nothing at all. */
export interface Meter {
  level: number;
  /** Whether it is let through. */
  open: boolean;
}

/** The lowest level that is told, in dBFS. */
export const SILENCE = -100;

/** How the media of a connection fares: see `state/voice/call.ts`. */
export type MediaState = "connected" | "interrupted" | "failed";

/** How one's own connection is, as this end measures it: the last second or so. */
export interface OwnStats {
  /** There and back, in milliseconds. */
  rttMs: number | null;
  /** In bits per second. */
  upBps: number;
  downBps: number;
  /** Of what was sent here, how much did not arrive: from 0 to 1. */
  lossDown: number;
  /** Largest among those who are heard, in milliseconds. */
  jitterMs: number;
  /** How long voices wait in the jitter buffer, in milliseconds. */
  bufferMs: number;
  path: "udp" | "tcp" | null;
  codec: string | null;
  heard: Record<UserId, HeardStats>;
}

export interface HeardStats {
  lossDown: number;
  jitterMs: number;
  bufferMs: number;
  /** Part of the samples that had to be made up, from 0 to 1. */
  concealed: number;
}

export interface VoiceListener {
  media(connection: number, state: MediaState): void;
  /** About 20 times a second while the microphone is open. */
  meter(meter: Meter): void;
  /** Nothing: all is well with the microphone. */
  trouble(trouble: MicTrouble | null): void;
  /** The way sound comes out was lost, and the default is used. */
  outputLost(was: string): void;
  /** The network of this device is another one than before. */
  networkChanged(): void;
  /** Nothing comes from the server any more, though it may yet. */
  doubtful(): void;
}

/** The media of one's own call, from joining to leaving, over several connections. */
export interface VoiceMedia {
  /** Answers an offer. One for another connection than before ends that. Rejects when it cannot be answered. */
  answer(offer: VoiceOffer): Promise<string>;
  /** Goes on with a connection that is there already, or says of it that it failed. */
  adopt(connection: number): void;
  /** Whom the m-lines carry from now on. */
  setTracks(tracks: readonly VoiceTrack[]): void;
  configure(settings: VoiceSettings): void;
  setMuted(muted: boolean): void;
  setDeafened(deafened: boolean): void;
  /** Whether the server gets what is sent, as it says. */
  setHeard(heard: boolean): void;
  /** How loud somebody is: 0 to 2. */
  setVolume(userId: UserId, volume: number): void;
  /** The key of push to talk is held. */
  setPressed(pressed: boolean): void;
  /** Tries the microphone again: what kept it away may be gone. */
  retry(): void;
  /** Sends something beside the microphone on the m-line for its kind, or nothing. */
  setShare(kind: Exclude<TrackKind, "microphone">, track: unknown): void;
  stats(): Promise<OwnStats | null>;
  /** Ends the connection, but not the call: the microphone stays open for the next offer. */
  drop(): void;
  close(): void;
}

export type Loop = "off" | "processed" | "raw";

/** One's own voice played back, on the page of settings. */
export interface VoiceTest {
  configure(settings: VoiceSettings): void;
  /** Hear oneself a moment later; `raw`: as the microphone gives it. */
  setLoop(loop: Loop): void;
  retry(): void;
  close(): void;
}

/** A short sound that the app makes itself. */
export type Cue = "join" | "leave" | "mute" | "unmute" | "message" | "test";

export interface VoiceEngine {
  /** What was measured of late. */
  readonly recorder: Recorder;
  devices(): Promise<Devices>;
  /** Calls back when something was plugged in or pulled. Returns how to stop. */
  onDevices(changed: () => void): () => void;
  /** Begins a call. In a browser within a click, or sound may not be played. */
  open(settings: VoiceSettings, listener: VoiceListener): VoiceMedia;
  /** Opens the microphone without a call. */
  test(settings: VoiceSettings, listener: Pick<VoiceListener, "meter" | "trouble">): VoiceTest;
  cue(cue: Cue, output: string | null): void;
}
