import type { TrackKind, VoiceOffer } from "../../../protocol/generated";
import type { MediaState } from "../engine";
import { LOOK_MS, PulseWatch } from "./pulse";
import { type Entry, type Read, StatsReader } from "./readings";

/** ICE loses a packet of its checks now and then; only what lasts is an interruption. */
const PATIENCE_MS = 1_000;

export interface PeerListener {
  media(state: MediaState): void;
  /** Nothing comes any more; it may yet. */
  doubtful(): void;
  /** An m-line brings a track. */
  arrived(mid: string, track: MediaStreamTrack): void;
}

/** What is sent on the m-line for each kind; nothing sends nothing. */
export type Outgoing = Partial<Record<TrackKind, MediaStreamTrack | null>>;

/** One connection to the server: answers its offers, one after the other. */
export class Peer {
  readonly #pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  readonly #reader = new StatsReader();
  readonly #known = new Set<string>();
  #senders: Partial<Record<TrackKind, RTCRtpSender>> = {};
  #turn: Promise<unknown> = Promise.resolve();
  #told: MediaState | null = null;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  readonly #pulse = new PulseWatch();
  readonly #looking = setInterval(() => void this.#look(), LOOK_MS);

  constructor(
    readonly connection: number,
    private readonly outgoing: () => Outgoing,
    private readonly listener: PeerListener,
  ) {
    this.#pc.onconnectionstatechange = () => this.#changed();
    this.#pc.oniceconnectionstatechange = () => this.#changed();
  }

  answer(offer: VoiceOffer): Promise<string> {
    const turn = this.#turn.then(() => this.#answer(offer));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** What is to be sent has changed: a microphone that is muted, a screen that is shared. */
  refresh(): void {
    const outgoing = this.outgoing();
    for (const [kind, sender] of Object.entries(this.#senders) as [TrackKind, RTCRtpSender][]) {
      const track = outgoing[kind] ?? null;
      if (sender.track !== track) void sender.replaceTrack(track).catch(() => undefined);
    }
  }

  /** What was measured since this was last called. */
  async read(): Promise<Read> {
    return this.#reader.read(await this.#entries());
  }

  close(): void {
    clearTimeout(this.#waiting);
    clearInterval(this.#looking);
    this.#pc.onconnectionstatechange = null;
    this.#pc.oniceconnectionstatechange = null;
    this.#pc.close();
  }

  async #answer(offer: VoiceOffer): Promise<string> {
    const pc = this.#pc;
    await pc.setRemoteDescription({ type: "offer", sdp: offer.sdp });
    const outgoing = this.outgoing();
    const senders: Partial<Record<TrackKind, RTCRtpSender>> = {};
    for (const { mid, kind } of offer.takes) {
      const transceiver = pc.getTransceivers().find((one) => one.mid === mid);
      if (!transceiver) continue;
      transceiver.direction = "sendonly";
      if (kind === "microphone") preferRed(transceiver);
      await transceiver.sender.replaceTrack(outgoing[kind] ?? null);
      senders[kind] = transceiver.sender;
    }
    this.#senders = senders;
    await pc.setLocalDescription(await pc.createAnswer());
    for (const transceiver of pc.getTransceivers()) {
      const { mid } = transceiver;
      if (mid === null || this.#known.has(mid) || !transceiver.currentDirection?.includes("recv")) continue;
      this.#known.add(mid);
      this.listener.arrived(mid, transceiver.receiver.track);
    }
    // The server learns our candidates from its checks: there is no waiting for them.
    return pc.localDescription!.sdp;
  }

  async #entries(): Promise<Entry[]> {
    const report = await this.#pc.getStats();
    const entries: Entry[] = [];
    report.forEach((entry: Entry) => entries.push(entry));
    return entries;
  }

  /** Looks whether anything still comes. */
  async #look(): Promise<void> {
    if (this.#pc.connectionState !== "connected") return;
    const bytes = received(await this.#entries().catch(() => []));
    const { connectionState, iceConnectionState } = this.#pc;
    if (bytes === null || connectionState !== "connected") return;
    switch (this.#pulse.look(performance.now(), bytes)) {
      case "there":
        if (this.#told === "interrupted" && iceConnectionState !== "disconnected") this.#tell("connected");
        return;
      case "doubtful":
        if (this.#told === "connected") this.listener.doubtful();
        return;
      case "gone":
        return this.#tell("interrupted");
    }
  }

  #changed(): void {
    const { connectionState, iceConnectionState } = this.#pc;
    if (connectionState === "failed" || iceConnectionState === "failed") return this.#tell("failed");
    if (iceConnectionState === "disconnected") {
      this.#waiting ??= setTimeout(() => this.#tell("interrupted"), PATIENCE_MS);
      return;
    }
    if (connectionState === "connected" && (iceConnectionState === "connected" || iceConnectionState === "completed")) this.#tell("connected");
  }

  #tell(state: MediaState): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    if (state === this.#told) return;
    this.#told = state;
    this.listener.media(state);
  }
}

/** How many bytes have come in all, if the browser says it. */
function received(entries: Entry[]): number | null {
  let bytes: number | null = null;
  for (const { type, bytesReceived } of entries as (Entry & { bytesReceived?: number })[]) {
    if (type === "candidate-pair" && bytesReceived !== undefined) bytes = (bytes ?? 0) + bytesReceived;
  }
  return bytes;
}

/** Puts RED (RFC 2198) before Opus, where the browser has it: what is lost comes again with the next packet. */
function preferRed(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities?.("audio")?.codecs;
  if (!codecs || !transceiver.setCodecPreferences) return;
  const rank = (mime: string): number => ["audio/red", "audio/opus"].indexOf(mime.toLowerCase());
  const wanted = codecs.filter((codec) => rank(codec.mimeType) >= 0).sort((a, b) => rank(a.mimeType) - rank(b.mimeType));
  try {
    transceiver.setCodecPreferences(wanted);
  } catch {
    // Then it is as the offer says.
  }
}
