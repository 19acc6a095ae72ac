import { absurd } from "../../absurd";
import { Allowance } from "./allowance";
import type { ChannelId, ClientFrame, VoiceAnswer, VoiceEnded, VoiceGone, VoiceOffer, VoiceSelf } from "../../protocol/generated";

/*
 * One's own call, without media, socket or clock: inputs in, outputs out.
 *
 *   idle ──join──> joining ──offer──> connecting ──media──> connected
 *    ▲               ▲                                      │     ▲
 *    │               └──────────── moved ───────────────────┤     │
 *  leave                                                  lost  media
 *    │                                                      ▼     │
 *    └──── ended(reason) <──── told, or tried enough ──── reconnecting(why, step)
 *
 * The server is the only one that offers. An offer for another connection than the present one is its first, or it is
 * stale. Whatever was on its way when something else happened, the end is that both sides agree: each join, leave and
 * move has its own answer, and they come in order.
 */

/** What is under way towards a connection. */
export type Step =
  /** The server was asked to let one in; nothing came yet. */
  | { is: "asked"; until: number }
  /** The gateway is away. `connection`: what may still be alive. */
  | { is: "absent"; connection: number | null }
  /** The next attempt is due at `until`. */
  | { is: "waiting"; until: number }
  /** An offer is answered; no media yet. */
  | { is: "answering"; connection: number; until: number }
  /** A new way is looked for, for a connection that was good. */
  | { is: "restarting"; connection: number; until: number };

/** Why a call that was good had to be set up again. */
export type Lost =
  /** Media stopped: the network changed, or is away. */
  | "network"
  /** The server started anew, or has forgotten the session. */
  | "server"
  /** The server gave the connection up. */
  | "failed";

/** Why a call is over, if it was not one's own wish. */
export type Over = Exclude<VoiceGone, "left" | "moved"> | "unusable";

/** Where one's call stands. Times are those of the clock that the inputs come with. */
export type Call =
  | { at: "idle" }
  /** `anywhere`: a moderator moves us; the offer says where to. */
  | { at: "joining"; channelId: ChannelId; anywhere: boolean; attempt: number; step: Extract<Step, { is: "asked" | "absent" | "waiting" }> }
  | { at: "connecting"; channelId: ChannelId; connection: number; attempt: number; until: number }
  /** `heard`: whether our sound arrives at the server. */
  | { at: "connected"; channelId: ChannelId; connection: number; since: number; heard: boolean }
  | { at: "reconnecting"; channelId: ChannelId; why: Lost; attempt: number; step: Step }
  | { at: "ended"; channelId: ChannelId; reason: Over };

/** How the media of a connection fares. `interrupted`: nothing came through for more than a moment. */
export type MediaState = "connected" | "interrupted" | "failed";

export type Input =
  | { type: "join"; channelId: ChannelId }
  /** Leave, or have read why it ended. */
  | { type: "leave" }
  /** Nobody is logged in any more. */
  | { type: "stop" }
  | { type: "self"; self: VoiceSelf }
  | { type: "gateway_down" }
  /** `anew`: the session is another one than before. */
  /** `call`: the connection that the server has of this session, which is another one than before where it is `anew`. */
  | { type: "gateway_up"; anew: false }
  | { type: "gateway_up"; anew: true; call: number | null }
  /** A page before this one has left a call to it, whose media goes on. */
  | { type: "adopt"; channelId: ChannelId; connection: number }
  | { type: "offer"; offer: VoiceOffer }
  | { type: "ended"; ended: VoiceEnded }
  | { type: "heard"; heard: boolean }
  | { type: "answered"; connection: number; negotiation: number; sdp: string }
  /** The offer could not be answered. */
  | { type: "unanswered"; connection: number }
  /** This program has no media at all. */
  | { type: "unusable" }
  | { type: "media"; connection: number; state: MediaState }
  | { type: "network_changed" }
  /** The deadline has come. */
  | { type: "time" };

export type VoiceFrame = Extract<ClientFrame, { op: `voice_${string}` }>;

export type Output =
  | { type: "send"; frame: VoiceFrame }
  /** Answer it, and say so with `answered`. Another connection than before is a new one. */
  | { type: "answer"; offer: VoiceOffer }
  /** Let go of the connection; the microphone stays open for the next. */
  | { type: "drop" }
  /** Let go of all media of the call. */
  | { type: "close" };

const ASK_MS = 8_000;
const CONNECT_MS = 10_000;
const RESTART_MS = 4_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** So often a call is tried to be had for the first time, and so often again. */
const TRIES = { joining: 3, reconnecting: 8 };

/** A little below what the server lets one device do before it closes the connection: see `docs/protocol.md`. */
const JOINS = { most: 4, everyMs: 1_100 };
const RESTARTS = { most: 2, everyMs: 2_200 };

/** A call that is, or is to be. */
export type ActiveCall = Exclude<Call, { at: "idle" | "ended" }>;

export const isActive = (call: Call): call is ActiveCall => call.at !== "idle" && call.at !== "ended";

type Trying = Extract<Call, { at: "joining" | "reconnecting" }>;

export class CallMachine {
  call: Call = { at: "idle" };
  #self: VoiceSelf = { self_mute: false, self_deaf: false };
  #gateway = false;
  /** The newest answer: it may have been lost with the gateway's connection. */
  #answer: VoiceAnswer | null = null;
  readonly #joins = new Allowance(JOINS);
  readonly #restarts = new Allowance(RESTARTS);
  /** We left, and do not know whether the server has heard of it: frames are lost with the gateway's connection. */
  #owesLeave = false;
  #out: Output[] = [];

  /** `random` gives numbers from 0 up to 1. */
  constructor(private readonly random: () => number = Math.random) {}

  handle(now: number, input: Input): Output[] {
    this.#out = [];
    this.#handle(now, input);
    return this.#out;
  }

  /** When `time` is to be handed in. */
  deadline(): number | null {
    const call = this.call;
    if (call.at === "connecting") return call.until;
    if ((call.at === "joining" || call.at === "reconnecting") && "until" in call.step) return call.step.until;
    return null;
  }

  /** The connection that the media is of. */
  get connection(): number | null {
    const call = this.call;
    if (call.at === "connecting" || call.at === "connected") return call.connection;
    return call.at === "reconnecting" && "connection" in call.step ? call.step.connection : null;
  }

  #handle(now: number, input: Input): void {
    switch (input.type) {
      case "join":
        return this.#join(now, input.channelId);
      case "leave":
        return this.#leave();
      case "stop":
        this.#close();
        this.#owesLeave = false;
        this.#gateway = false;
        this.call = { at: "idle" };
        return;
      case "self":
        this.#self = input.self;
        if (isActive(this.call)) this.#send({ op: "voice_self", d: input.self });
        return;
      case "gateway_down":
        return this.#down();
      case "gateway_up":
        return this.#up(now, input);
      case "adopt":
        if (isActive(this.call)) return;
        this.call = { at: "connected", channelId: input.channelId, connection: input.connection, since: now, heard: true };
        return;
      case "offer":
        return this.#offer(now, input.offer);
      case "ended":
        return this.#ended(now, input.ended);
      case "heard":
        if (this.call.at === "connected") this.call = { ...this.call, heard: input.heard };
        return;
      case "answered": {
        const { connection, negotiation, sdp } = input;
        if (connection !== this.connection) return;
        this.#answer = { connection, negotiation, sdp };
        return this.#send({ op: "voice_answer", d: this.#answer });
      }
      case "unanswered":
        if (input.connection === this.connection) this.#retry(now, "failed");
        return;
      case "unusable":
        if (isActive(this.call)) this.#tellLeave();
        return this.#over("unusable");
      case "media":
        if (input.connection === this.connection) this.#media(now, input.state);
        return;
      case "network_changed":
        if (this.call.at === "connected" && this.#restarts.take(now)) this.#send({ op: "voice_restart" });
        return;
      case "time":
        return this.#time(now);
      default:
        return absurd(input);
    }
  }

  #join(now: number, channelId: ChannelId): void {
    if (isActive(this.call) && this.call.channelId === channelId && !(this.call.at === "joining" && this.call.anywhere)) return;
    this.#put({ type: "drop" });
    this.#owesLeave = false;
    this.#ask(now, { at: "joining", channelId, anywhere: false, attempt: 1 });
  }

  #leave(): void {
    if (isActive(this.call)) this.#tellLeave();
    this.#close();
    this.call = { at: "idle" };
  }

  #tellLeave(): void {
    this.#owesLeave = true;
    this.#send({ op: "voice_leave" });
  }

  #down(): void {
    this.#gateway = false;
    const call = this.call;
    // What is alive goes on: media needs no gateway.
    if (call.at === "joining") this.call = { ...call, step: { is: "absent", connection: null } };
    if (call.at === "reconnecting") this.call = { ...call, step: { is: "absent", connection: this.connection } };
  }

  #up(now: number, input: Extract<Input, { type: "gateway_up" }>): void {
    this.#gateway = true;
    const theirs = input.anew ? input.call : null;
    // With its call it is the same session in all that counts here.
    const anew = input.anew && (theirs === null || theirs !== this.connection);
    if (anew) this.#owesLeave = theirs !== null;
    if (this.#owesLeave && !isActive(this.call)) this.#send({ op: "voice_leave" });
    if (anew) this.#answer = null;
    else if (this.#answer !== null && this.#answer.connection === this.connection) this.#send({ op: "voice_answer", d: this.#answer });
    const call = this.call;
    switch (call.at) {
      case "idle":
      case "ended":
        return;
      case "joining":
        // The offer that says where to is replayed.
        if (call.anywhere && !anew) this.call = { ...call, step: { is: "asked", until: now + ASK_MS } };
        else this.#ask(now, { ...call, anywhere: false });
        return;
      case "connecting":
        if (anew) return this.#ask(now, { at: "joining", channelId: call.channelId, anywhere: false, attempt: call.attempt });
        this.call = { ...call, until: now + CONNECT_MS };
        return this.#send({ op: "voice_self", d: this.#self });
      case "connected":
        if (anew) return this.#ask(now, { at: "reconnecting", channelId: call.channelId, why: "server", attempt: 1 });
        return this.#send({ op: "voice_self", d: this.#self });
      case "reconnecting":
        if (!anew && call.step.is === "absent" && call.step.connection !== null) return this.#restart(now, call, call.step.connection);
        return this.#ask(now, { ...call, why: anew ? "server" : call.why });
      default:
        return absurd(call);
    }
  }

  #offer(now: number, offer: VoiceOffer): void {
    const call = this.call;
    const { connection, channel_id: channelId } = offer;
    if (this.connection === connection) return this.#put({ type: "answer", offer });
    // Of a connection that is over.
    if (offer.negotiation !== 1) return;
    switch (call.at) {
      case "idle":
        // It was on its way when we left, or the server still takes us for present.
        return this.#send({ op: "voice_leave" });
      case "ended":
        // Where the server ended it, an offer is the answer to a later wish of ours; where we did, it came too late.
        if (call.channelId !== channelId || (call.reason !== "taken_over" && call.reason !== "disconnected")) return this.#send({ op: "voice_leave" });
        this.call = { at: "connecting", channelId, connection, attempt: 1, until: now + CONNECT_MS };
        break;
      case "joining":
        if (call.channelId !== channelId && !call.anywhere) return;
        this.call = { at: "connecting", channelId, connection, attempt: call.attempt, until: now + CONNECT_MS };
        break;
      case "connecting":
        if (call.channelId !== channelId) return;
        this.call = { ...call, connection, until: now + CONNECT_MS };
        break;
      case "connected":
        if (call.channelId !== channelId) return;
        this.call = { at: "reconnecting", channelId, why: "server", attempt: 1, step: { is: "answering", connection, until: now + CONNECT_MS } };
        break;
      case "reconnecting":
        if (call.channelId !== channelId) return;
        this.call = { ...call, step: { is: "answering", connection, until: now + CONNECT_MS } };
        break;
      default:
        return absurd(call);
    }
    this.#put({ type: "answer", offer });
  }

  #ended(now: number, { channel_id: channelId, reason }: VoiceEnded): void {
    // What is told of another channel, or of our own wish, is about a call before this one.
    if (!isActive(this.call) || this.call.channelId !== channelId) return;
    switch (reason) {
      case "left":
        return;
      case "moved":
        this.#put({ type: "drop" });
        this.call = { at: "joining", channelId, anywhere: true, attempt: 1, step: { is: "asked", until: now + ASK_MS } };
        return;
      case "failed":
        return this.#retry(now, "failed");
      case "taken_over":
      case "disconnected":
        return this.#over(reason);
      case "forbidden":
      case "full":
        // Whoever is not let in stays where they were, says the server. We have left that already.
        this.#tellLeave();
        return this.#over(reason);
      default:
        return absurd(reason);
    }
  }

  #media(now: number, state: MediaState): void {
    const call = this.call;
    if (state === "connected") {
      if (call.at === "connecting" || call.at === "reconnecting") this.call = { at: "connected", channelId: call.channelId, connection: this.connection!, since: now, heard: true };
      return;
    }
    if (call.at === "connected") {
      const again: Trying = { at: "reconnecting", channelId: call.channelId, why: "network", attempt: 1, step: { is: "absent", connection: call.connection } };
      if (this.#gateway) this.#restart(now, again, call.connection);
      else this.call = again;
    } else if (state === "failed") {
      if (call.at === "connecting" || (call.at === "reconnecting" && call.step.is === "answering")) this.#retry(now, "failed");
      else if (call.at === "reconnecting" && call.step.is === "restarting") this.#ask(now, call);
    }
  }

  #time(now: number): void {
    const deadline = this.deadline();
    const call = this.call;
    if (deadline === null || deadline > now) return;
    if (call.at === "connecting") return this.#retry(now, "failed");
    if (call.at !== "joining" && call.at !== "reconnecting") return;
    switch (call.step.is) {
      case "absent":
        return;
      case "asked":
        // Asking for the channel of before would undo the move.
        if (call.at === "joining" && call.anywhere) return this.#over("failed");
        return this.#retry(now, "failed");
      case "answering":
        return this.#retry(now, "failed");
      case "waiting":
      case "restarting":
        return this.#ask(now, call);
      default:
        return absurd(call.step);
    }
  }

  /** Asks to be let in, or waits for the gateway to do so. Media of before goes on until there is an offer. */
  #ask(now: number, call: Omit<Extract<Call, { at: "joining" }>, "step"> | Omit<Extract<Call, { at: "reconnecting" }>, "step">): void {
    if (!this.#gateway) {
      this.call = { ...call, step: { is: "absent", connection: null } };
      return;
    }
    if (!this.#joins.take(now)) {
      this.call = { ...call, step: { is: "waiting", until: this.#joins.next } };
      return;
    }
    this.call = { ...call, step: { is: "asked", until: now + ASK_MS } };
    this.#send({ op: "voice_join", d: { channel_id: call.channelId, ...this.#self } });
  }

  /** Asks for a new way on the same connection. */
  #restart(now: number, call: Extract<Call, { at: "reconnecting" }>, connection: number): void {
    this.call = { ...call, step: { is: "restarting", connection, until: now + RESTART_MS } };
    if (this.#restarts.take(now)) this.#send({ op: "voice_restart" });
  }

  /** It did not work; try again a little later, or give up. */
  #retry(now: number, why: Lost): void {
    const call = this.call;
    if (call.at === "idle" || call.at === "ended") return;
    const first = call.at === "joining" || call.at === "connecting";
    const attempt = call.at === "connected" ? 1 : call.attempt + 1;
    if (attempt > TRIES[first ? "joining" : "reconnecting"]) {
      this.#tellLeave();
      return this.#over("failed");
    }
    const longest = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
    // A part by chance, so that not all who lost the server come back at once.
    const step = this.#gateway ? { is: "waiting" as const, until: now + longest * (0.5 + this.random() / 2) } : { is: "absent" as const, connection: null };
    if (first) this.call = { at: "joining", channelId: call.channelId, anywhere: false, attempt, step };
    else this.call = { at: "reconnecting", channelId: call.channelId, why: call.at === "reconnecting" ? call.why : why, attempt, step };
  }

  #over(reason: Over): void {
    if (!isActive(this.call)) return;
    this.#close();
    this.call = { at: "ended", channelId: this.call.channelId, reason };
  }

  #close(): void {
    this.#put({ type: "close" });
  }

  #send(frame: VoiceFrame): void {
    if (this.#gateway) this.#put({ type: "send", frame });
  }

  #put(output: Output): void {
    this.#out.push(output);
  }
}
