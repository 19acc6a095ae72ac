import { batch, createSignal } from "solid-js";
import { produce, type SetStoreFunction } from "solid-js/store";
import { absurd } from "../../absurd";
import type { Event, Phase } from "../../backend/gateway";
import type { Timer } from "../../backend/timer";
import type { Meter, MicTrouble, OwnStats, VoiceEngine, VoiceListener, VoiceMedia, VoiceSettings } from "../../backend/voice/engine";
import { SILENCE } from "../../backend/voice/engine";
import type { ChannelId, UserId } from "../../protocol/generated";
import type { State } from "../model";
import { allows, channelPermissions } from "../permissions";
import { LOUDEST, type PersonVolume, type Preferences, type VoicePreferences } from "../preferences";
import { type Call, CallMachine, type Input, isActive, type VoiceFrame } from "./call";
import { peopleIn } from "./people";

/** How often one's own connection is measured. */
const MEASURE_MS = 2_000;

export interface VoiceWorld {
  engine(): Promise<VoiceEngine>;
  send(frame: VoiceFrame): void;
  /** There is reason to doubt that the server is still reached. */
  wake(): void;
  state: State;
  preferences: Preferences;
  setPreferences: SetStoreFunction<Preferences>;
  timer: Timer;
  now(): number;
  random(): number;
}

/** The shell around {@link CallMachine}: media, a clock, and what is set on this device. */
export class Voice {
  readonly #machine: CallMachine;
  readonly #call = createSignal<Call>({ at: "idle" });
  readonly #meter = createSignal<Meter>({ level: SILENCE, open: false });
  readonly #trouble = createSignal<MicTrouble | null>(null);
  readonly #own = createSignal<OwnStats | null>(null);
  readonly #notice = createSignal<{ outputLost: string } | null>(null);
  #media: Promise<VoiceMedia> | null = null;
  #opened: VoiceMedia | null = null;
  /** Counts the closings: what is opened for a call of before comes too late. */
  #turn = 0;
  #stopTimer: () => void = () => undefined;
  #stopMeasuring: () => void = () => undefined;
  #lookers = 0;
  #session = false;
  /** Who was in the channel at the last look, to tell who came and went. */
  #present: { channelId: ChannelId; people: Set<UserId> } | null = null;

  constructor(private readonly world: VoiceWorld) {
    this.#machine = new CallMachine(() => world.random());
  }

  /** Goes on with a call that a page before this one has left, in the media's care. */
  adopt(channelId: ChannelId, connection: number): void {
    this.#tellSelf();
    this.#input({ type: "adopt", channelId, connection });
    this.#open().then(
      (media) => {
        media.adopt(connection);
        this.#measure();
      },
      () => undefined,
    );
  }

  call = (): Call => this.#call[0]();
  /** What there is of it for a page after this one. */
  legacy = (): { channelId: ChannelId; connection: number } | null => {
    const call = this.call();
    return call.at === "connected" ? { channelId: call.channelId, connection: call.connection } : null;
  };
  /** The channel that one is in, or on the way to. */
  channel = (): ChannelId | null => {
    const call = this.call();
    return isActive(call) ? call.channelId : null;
  };
  meter = (): Meter => this.#meter[0]();
  trouble = (): MicTrouble | null => this.#trouble[0]();
  own = (): OwnStats | null => this.#own[0]();
  /** The chosen output is gone. */
  notice = (): { outputLost: string } | null => this.#notice[0]();
  /** Whoever hears nothing says nothing either. */
  muted = (): boolean => this.world.preferences.voice.muted || this.world.preferences.voice.deafened;
  deafened = (): boolean => this.world.preferences.voice.deafened;
  engine = (): Promise<VoiceEngine> => this.world.engine();

  /** Call it within a click: browsers play sound only then. */
  join(channelId: ChannelId): void {
    this.#tellSelf();
    this.#input({ type: "join", channelId });
    // What fails is told by the machine.
    this.#open().catch(() => undefined);
  }

  leave(): void {
    this.#input({ type: "leave" });
  }

  setMuted(muted: boolean): void {
    // Who wants to speak wants to hear.
    this.change({ muted, ...(muted ? {} : { deafened: false }) });
    this.#cue(muted ? "mute" : "unmute");
  }

  setDeafened(deafened: boolean): void {
    this.change({ deafened });
    this.#cue(deafened ? "mute" : "unmute");
  }

  /** The key of push to talk. */
  press(pressed: boolean): void {
    this.#opened?.setPressed(pressed);
  }

  retryMicrophone(): void {
    this.#opened?.retry();
  }

  /** Changes what is set on this device, at once. */
  change(part: Partial<VoicePreferences>): void {
    this.world.setPreferences("voice", part);
    this.refresh();
  }

  /** What is set on this device was changed: here, in another tab, or by another account. */
  refresh(): void {
    this.#opened?.configure(this.settings());
    this.#tellSelf();
    this.#steer();
  }

  settings(): VoiceSettings {
    const { device, mode, threshold, echo, noise, gain, output, even } = this.world.preferences.voice;
    return { input: { device, mode, threshold, echo, noise, gain }, output, even };
  }

  volumeOf(userId: UserId): PersonVolume {
    return this.world.preferences.volumes[userId] ?? { volume: 1, muted: false };
  }

  setVolume(userId: UserId, part: Partial<PersonVolume>): void {
    const next = { ...this.volumeOf(userId), ...part };
    next.volume = Math.min(LOUDEST, Math.max(0, next.volume));
    const usual = next.volume === 1 && !next.muted;
    this.world.setPreferences(
      "volumes",
      produce((all) => {
        if (usual) delete all[userId];
        else all[userId] = next;
      }),
    );
    this.#opened?.setVolume(userId, next.muted ? 0 : next.volume);
  }

  /** Asks to be told how everyone is connected, until what this returns is called. */
  look(): () => void {
    this.#lookers += 1;
    if (this.#lookers === 1) this.#askStats(true);
    let looking = true;
    return () => {
      if (!looking) return;
      looking = false;
      this.#lookers -= 1;
      if (this.#lookers === 0) this.#askStats(false);
    };
  }

  /** A `ready` came. `call`: the connection that goes on; else the server knows nothing of a call of before. */
  ready(call: number | null): void {
    this.#session = true;
    // Who came and went meanwhile is no news.
    this.#present = null;
    this.#input({ type: "gateway_up", anew: true, call });
    if (call !== null && this.#lookers > 0) this.#askStats(true);
    this.#look();
    this.#steer();
  }

  phase(phase: Phase): void {
    if (phase.at !== "ready") {
      this.#session = false;
      this.#input({ type: "gateway_down" });
    } else if (!this.#session) {
      this.#session = true;
      this.#input({ type: "gateway_up", anew: false });
    }
  }

  event(event: Event): void {
    switch (event.t) {
      case "voice_offer":
        return this.#input({ type: "offer", offer: event.d });
      case "voice_ended":
        return this.#input({ type: "ended", ended: event.d });
      case "voice_heard":
        this.#opened?.setHeard(event.d.heard);
        return this.#input({ type: "heard", heard: event.d.heard });
      case "voice_tracks":
        return void this.#media?.then((media) => media.setTracks(event.d.tracks), () => undefined);
      case "voice_state_update":
        return this.#look();
      case "member_update":
      case "channel_update":
      case "role_update":
        return this.#steer();
      default:
        return;
    }
  }

  stop(): void {
    this.#input({ type: "stop" });
  }

  #input(input: Input): void {
    const before = this.#machine.call;
    for (const output of this.#machine.handle(this.world.now(), input)) {
      switch (output.type) {
        case "send":
          this.world.send(output.frame);
          break;
        case "answer":
          void this.#answer(output.offer);
          break;
        case "drop":
          this.#opened?.drop();
          break;
        case "close":
          this.#close();
          break;
        default:
          absurd(output);
      }
    }
    const call = this.#machine.call;
    if (call !== before) this.#changed(before, call);
    this.#stopTimer();
    const deadline = this.#machine.deadline();
    if (deadline !== null) this.#stopTimer = this.world.timer(Math.max(0, deadline - this.world.now()), () => this.#input({ type: "time" }));
  }

  #changed(before: Call, call: Call): void {
    batch(() => {
      this.#call[1](call);
      if (call.at === "connected" && before.at !== "connected") {
        if (before.at === "connecting") this.#cue("join");
        if (this.#lookers > 0) this.#askStats(true);
        this.#measure();
      }
      if (!isActive(call)) {
        if (before.at === "connected") this.#cue("leave");
        this.#own[1](null);
      }
    });
    this.#look();
  }

  async #open(): Promise<VoiceMedia> {
    const turn = this.#turn;
    this.#media ??= (async () => {
      const engine = await this.world.engine();
      if (turn !== this.#turn) throw new Error("left before it was there");
      const media = engine.open(this.settings(), this.#listener());
      this.#opened = media;
      for (const [id, { volume, muted }] of Object.entries(this.world.preferences.volumes)) media.setVolume(id, muted ? 0 : volume);
      media.setDeafened(this.deafened());
      this.#steer();
      return media;
    })();
    const opening = this.#media;
    try {
      return await opening;
    } catch (thrown) {
      if (this.#media === opening) {
        this.#media = null;
        this.#input({ type: "unusable" });
      }
      throw thrown;
    }
  }

  async #answer(offer: Parameters<VoiceMedia["answer"]>[0]): Promise<void> {
    const { connection, negotiation } = offer;
    try {
      const media = await this.#open();
      const sdp = await media.answer(offer);
      this.#input({ type: "answered", connection, negotiation, sdp });
    } catch {
      this.#input({ type: "unanswered", connection });
    }
  }

  #close(): void {
    this.#stopMeasuring();
    this.#turn += 1;
    this.#opened?.close();
    this.#opened = null;
    this.#media = null;
    batch(() => {
      this.#trouble[1](null);
      this.#notice[1](null);
      this.#meter[1]({ level: SILENCE, open: false });
    });
  }

  #listener(): VoiceListener {
    return {
      doubtful: () => this.world.wake(),
      media: (connection, state) => {
        // What media is cut off from, the gateway is too, and learns it late.
        if (state !== "connected") this.world.wake();
        this.#input({ type: "media", connection, state });
      },
      meter: (meter) => this.#meter[1](meter),
      trouble: (trouble) => this.#trouble[1](trouble),
      outputLost: (was) => this.#notice[1]({ outputLost: was }),
      networkChanged: () => {
        this.world.wake();
        this.#input({ type: "network_changed" });
      },
    };
  }

  #tellSelf(): void {
    this.#input({ type: "self", self: { self_mute: this.muted(), self_deaf: this.deafened() } });
  }

  /** Nothing is sent that the server would not pass on anyway. */
  #steer(): void {
    const media = this.#opened;
    const channelId = this.channel();
    const { state } = this.world;
    const space = channelId === null ? undefined : state.channels[channelId]?.space_id;
    const member = space === undefined ? undefined : state.members[space]?.[state.account?.id ?? ""];
    // Before the first snapshot nothing is known of the channel.
    const silenced = channelId !== null && space !== undefined && (member?.muted === true || !allows(channelPermissions(state, channelId), "speak"));
    media?.setMuted(this.muted() || silenced);
    media?.setDeafened(this.deafened() || member?.deafened === true);
  }

  #askStats(on: boolean): void {
    if (this.#machine.call.at === "connected") this.world.send({ op: "voice_stats", d: { on } });
  }

  #measure(): void {
    this.#stopMeasuring();
    const media = this.#opened;
    if (this.#machine.call.at !== "connected" || !media) return;
    void media
      .stats()
      .then((own) => media === this.#opened && this.#own[1](own))
      .catch(() => undefined);
    this.#stopMeasuring = this.world.timer(MEASURE_MS, () => this.#measure());
  }

  /** Tells by a sound who came and went. */
  #look(): void {
    const call = this.#machine.call;
    if (call.at !== "connected") {
      this.#present = null;
      return;
    }
    const people = new Set(peopleIn(this.world.state, call.channelId));
    const before = this.#present?.channelId === call.channelId ? this.#present.people : null;
    this.#present = { channelId: call.channelId, people };
    if (!before) return;
    if ([...people].some((id) => !before.has(id))) this.#cue("join");
    else if ([...before].some((id) => !people.has(id))) this.#cue("leave");
  }

  #cue(cue: "join" | "leave" | "mute" | "unmute"): void {
    const { cues, output } = this.world.preferences.voice;
    if (!cues || (cue !== "leave" && !isActive(this.#machine.call))) return;
    void this.world.engine().then((engine) => engine.cue(cue, output), () => undefined);
  }
}
