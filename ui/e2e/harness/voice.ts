import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type * as P from "../../src/protocol/generated";
import type { House } from "./house";
import type { Person } from "./person";
import { sees } from "./screen";
import type { VisitOptions } from "./visits";

/* People in voice, in a real browser whose microphone gives a steady tone. */

const RATE = 48_000;

/** A tone without a beginning or an end, as a file that the browser takes for a microphone. */
export function toneFile(): string {
  const samples = RATE * 2;
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(RATE * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let at = 0; at < samples; at++) wav.writeInt16LE(Math.round(9_000 * Math.sin((2 * Math.PI * 440 * at) / RATE)), 44 + at * 2);
  const file = join(mkdtempSync(join(tmpdir(), "snug-tone-")), "tone.wav");
  writeFileSync(file, wav);
  return file;
}

export const voiceFlags = (): string[] => microphoneFlags(toneFile());

/** Lets a browser take a WAV file for its microphone, again and again. */
export const microphoneFlags = (file: string): string[] => [
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  `--use-file-for-fake-audio-capture=${file}`,
  "--autoplay-policy=no-user-gesture-required",
];

/** A tone is what noise suppression takes out. */
const SETTINGS = JSON.stringify({ voice: { mode: "always", noise: false, echo: false, gain: false } });

interface Ears {
  pcs: RTCPeerConnection[];
  sources: { track: MediaStreamTrack; analyser: AnalyserNode }[];
  tracks: P.VoiceTrack[];
  offers: { connection: number; negotiation: number }[];
  own: P.UserId;
  microphones: MediaStreamTrack[];
}
declare global {
  interface Window {
    ears: Ears;
  }
}

/** In the page: listens along wherever the app does. */
function listenAlong(): void {
  // The empty page before the first one has no microphone.
  if (!isSecureContext) return;
  const ears: Ears = { pcs: [], sources: [], tracks: [], offers: [], own: "", microphones: [] };
  window.ears = ears;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      ears.pcs.push(this);
    }
  };
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    ears.microphones.push(...stream.getAudioTracks());
    return stream;
  };
  const make = AudioContext.prototype.createMediaStreamSource;
  AudioContext.prototype.createMediaStreamSource = function (stream) {
    const node = make.call(this, stream);
    const analyser = new AnalyserNode(this, { fftSize: 4096 });
    node.connect(analyser);
    ears.sources.push({ track: stream.getAudioTracks()[0]!, analyser });
    return node;
  };
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL) {
      super(url);
      this.addEventListener("message", (message: MessageEvent<string>) => {
        const frame = JSON.parse(message.data) as P.ServerFrame;
        if (frame.op === "ready") ears.own = frame.d.account.id;
        if (frame.op !== "dispatch" || (frame.t !== "voice_offer" && frame.t !== "voice_tracks")) return;
        ears.tracks = frame.d.tracks;
        if (frame.t === "voice_offer") ears.offers.push({ connection: frame.d.connection, negotiation: frame.d.negotiation });
      });
    }
  };
}

/** How loud each person arrives at this page now, RMS of full scale. Whoever arrives not at all is left out. */
export function heard(page: Page): Promise<Record<P.UserId, number>> {
  return page.evaluate(() => {
    const { pcs, sources, tracks } = window.ears;
    const mids = new Map((pcs.at(-1)?.getTransceivers() ?? []).map((one) => [one.receiver.track, one.mid]));
    const found: Record<string, number> = {};
    for (const { track, analyser } of sources) {
      const user = tracks.find((one) => one.mid === mids.get(track))?.track?.user_id;
      if (user === undefined) continue;
      const samples = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(samples);
      found[user] = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
    }
    return found;
  });
}

/** Loud enough to be the tone, and too quiet to be anything. */
const LOUD = 0.05;
const QUIET = 0.002;

/** Those whose tone arrives at this page now. */
export async function hears(page: Page): Promise<P.UserId[]> {
  const levels = await heard(page);
  return Object.keys(levels).filter((id) => levels[id]! > LOUD).sort();
}

/** Whether nothing of somebody arrives. */
export const silent = async (page: Page, id: P.UserId): Promise<boolean> => ((await heard(page))[id] ?? 0) < QUIET;

export const bar = (page: Page) => page.getByRole("region", { name: "Voice", exact: true });
export const inVoice = (page: Page, channel: string): Promise<void> => sees(bar(page).getByText(`In ${channel}`));
export const peopleIn = (page: Page, channel: string) => page.getByRole("navigation", { name: "Channels" }).getByRole("list", { name: `In ${channel}` });

/** Opens the app as somebody who can be listened along to. */
export async function withVoice(home: House, person: Person, options: VisitOptions = {}): Promise<Page> {
  return home.visit(person, { microphone: true, script: listenAlong, path: home.pathOf(home.general), storage: { "snug.preferences": SETTINGS }, ...options });
}

/** Joins a voice channel by a click on it, and waits until media flows. */
export async function joinVoice(page: Page, channel: Pick<P.Channel, "name">): Promise<void> {
  await page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name: new RegExp(`^${channel.name}, voice channel`) }).click();
  await inVoice(page, channel.name);
}
