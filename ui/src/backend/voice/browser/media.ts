import type { TrackKind, UserId, VoiceOffer, VoiceTrack } from "../../../protocol/generated";
import type { Device, OwnStats, VoiceListener, VoiceMedia, VoiceSettings } from "../engine";
import { ownStats } from "../reading";
import type { Recorder } from "../recorder";
import { listDevices, watchDevices } from "./devices";
import { Microphone } from "./microphone";
import { watchNetwork } from "./network";
import { applySink, context, keepAwake } from "./output";
import { type Outgoing, Peer } from "./peer";
import { Playback } from "./playback";
import { READ_MS, Recording } from "./recording";

/** A call in a browser: WebRTC for the way, WebAudio for the sound. */
export class BrowserMedia implements VoiceMedia {
  readonly #context = context();
  readonly #playback = new Playback(this.#context);
  readonly #microphone: Microphone;
  /** What is sent: the same track whatever device there is, or none. */
  readonly #voice: MediaStreamTrack;
  readonly #shares: Outgoing = {};
  readonly #stops: (() => void)[] = [];
  #peer: Peer | null = null;
  #tracks: readonly VoiceTrack[] = [];
  #settings: VoiceSettings;
  #muted = false;
  #outputs: readonly Device[] = [];
  readonly #recording: Recording;
  private readonly listener: VoiceListener;

  constructor(
    settings: VoiceSettings,
    listener: VoiceListener,
    private readonly recorder: Recorder,
  ) {
    this.#settings = settings;
    this.#recording = new Recording(recorder);
    this.listener = this.#recording.around(listener);
    this.#stops.push(keepAwake());
    const out = new MediaStreamAudioDestinationNode(this.#context, { channelCount: 1 });
    this.#voice = out.stream.getAudioTracks()[0]!;
    this.#voice.contentHint = "speech";
    this.#microphone = new Microphone(this.#context, settings.input, this.listener);
    this.#microphone.output.connect(out);
    void applySink(settings.output);
    this.#playback.setEven(settings.even);
    void this.#outputsChanged();
    this.#stops.push(
      watchDevices(() => {
        this.#microphone.devicesChanged();
        void this.#outputsChanged();
      }),
      watchNetwork(() => this.listener.networkChanged()),
    );
    const reading = setInterval(() => void this.#read(), READ_MS);
    this.#stops.push(() => clearInterval(reading));
  }

  async answer(offer: VoiceOffer): Promise<string> {
    let peer = this.#peer;
    if (peer?.connection !== offer.connection) {
      peer?.close();
      this.#playback.clear();
      const { connection } = offer;
      peer = new Peer(connection, () => ({ ...this.#shares, microphone: this.#muted ? null : this.#voice }), {
        media: (state) => this.listener.media(connection, state),
        doubtful: () => this.listener.doubtful(),
        arrived: (mid, track) => this.#arrived(mid, track),
      });
      this.#peer = peer;
    }
    // At once: what `setTracks` says meanwhile is newer.
    this.setTracks(offer.tracks);
    return peer.answer(offer);
  }

  // Media of a browser ends with its page.
  adopt(connection: number): void {
    this.listener.media(connection, "failed");
  }

  setTracks(tracks: readonly VoiceTrack[]): void {
    this.#tracks = tracks;
    for (const { mid, track } of tracks) this.#playback.assign(mid, track?.user_id ?? null);
  }

  configure(settings: VoiceSettings): void {
    const output = this.#settings.output;
    this.#settings = settings;
    this.#microphone.configure(settings.input);
    this.#playback.setEven(settings.even);
    if (settings.output !== output) void applySink(settings.output);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#peer?.refresh();
  }

  setDeafened(deafened: boolean): void {
    this.#playback.setDeafened(deafened);
  }

  // Nobody keeps a log of it here.
  setHeard(_heard: boolean): void {}

  setVolume(userId: UserId, volume: number): void {
    this.#playback.setVolume(userId, volume);
  }

  setPressed(pressed: boolean): void {
    this.#microphone.setPressed(pressed);
  }

  retry(): void {
    this.#microphone.retry();
  }

  setShare(kind: Exclude<TrackKind, "microphone">, track: unknown): void {
    this.#shares[kind] = track instanceof MediaStreamTrack ? track : null;
    this.#peer?.refresh();
  }

  stats(): Promise<OwnStats | null> {
    const last = this.recorder.last();
    return Promise.resolve(this.#peer && last ? ownStats(last) : null);
  }

  drop(): void {
    this.#peer?.close();
    this.#peer = null;
    this.#tracks = [];
    this.#playback.clear();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.drop();
    this.#microphone.close();
    this.#voice.stop();
  }

  async #read(): Promise<void> {
    const peer = this.#peer;
    const read = await peer?.read().catch(() => undefined);
    if (!read || peer !== this.#peer) return;
    this.#recording.take(read, { microphone: this.#microphone.facts() }, (mid) => {
      const track = this.#tracks.find((one) => one.mid === mid)?.track;
      return track ? { user: track.user_id, kind: track.kind } : undefined;
    });
  }

  #arrived(mid: string, track: MediaStreamTrack): void {
    if (track.kind !== "audio") return;
    this.#playback.add(mid, track);
    this.#playback.assign(mid, this.#tracks.find((one) => one.mid === mid)?.track?.user_id ?? null);
  }

  async #outputsChanged(): Promise<void> {
    const { output } = this.#settings;
    const { outputs } = await listDevices();
    const before = this.#outputs.find((one) => one.id === output);
    const there = outputs.some((one) => one.id === output);
    this.#outputs = outputs;
    if (output === null || there === (before !== undefined)) return;
    await applySink(there ? output : null);
    if (!there) this.listener.outputLost(before!.label);
  }
}
