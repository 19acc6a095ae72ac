import { absurd } from "../absurd";
import { CLOSE, VERSION } from "../protocol/constants";
import type { ClientFrame, Hello, Ready, ServerFrame } from "../protocol/generated";
import type { Refusal } from "./refusal";

/*
 * The gateway's client, without its socket and clock: inputs in, outputs out.
 *
 *   off ──start──> connecting ──hello──> identifying ──ready────> ready
 *                    │    ▲       └────> resuming ────resumed──>    │
 *   offline <────────┤    └──time── waiting <──────lost─────────────┤
 *      └──network──> │                                              │
 *                    └────────────> ended(why) <────revoked─────────┘
 *
 * What the outputs `ready` and `event` hand over is the server's order without a gap or a repeat: a dispatch that was
 * here already is dropped, and after one that is missing a fresh `ready` is asked for.
 */

/** Where the connection stands. Times are those of the clock that the inputs come with. */
export type Phase =
  | { at: "off" }
  /** The browser has no network at all. */
  | { at: "offline" }
  /** A token is fetched, then a socket opened, until `hello`. */
  | { at: "connecting"; until: number }
  | { at: "identifying"; until: number }
  | { at: "resuming"; until: number }
  | { at: "ready"; since: number }
  /** Lost; the next attempt is due at `until`. */
  | { at: "waiting"; until: number; attempt: number }
  | { at: "ended"; why: Ended };

/** Logged out, suspended or deleted. */
export interface LoggedOut {
  kind: "logged_out";
  message: string;
  hint?: string | undefined;
}

/** Why there will be no further attempt. */
export type Ended =
  | LoggedOut
  /** The two programs do not fit each other. */
  | { kind: "version"; older: "server" | "app" };

/** An event as it is dispatched. */
export type Event = EventOf<Extract<ServerFrame, { op: "dispatch" }>>;
type EventOf<Frame> = Frame extends { t: infer Name; d: infer Data } ? { t: Name; d: Data } : never;

export type Input =
  /** `before`: the session that a page before this one had. */
  | { type: "start"; before?: string }
  | { type: "stop" }
  | { type: "network"; online: boolean }
  /** Somebody looks at the app: do not let them wait for the next attempt. */
  | { type: "wake" }
  | { type: "token"; token: string }
  | { type: "token_refused"; refusal: Refusal }
  | { type: "closed"; code: number; reason: string }
  | { type: "frame"; frame: ServerFrame }
  | { type: "verified"; ok: boolean }
  /** The deadline has come. */
  | { type: "time" };

export type Output =
  /** Get a token. `renew`: the one used last is no longer taken. */
  | { type: "need_token"; renew: boolean }
  | { type: "open" }
  | { type: "close" }
  | { type: "send"; frame: ClientFrame }
  | { type: "ready"; ready: Ready }
  | { type: "event"; event: Event }
  /** Compare the copy, as it is now, with this digest, and answer with `verified`. */
  | { type: "verify"; digest: string };

const CONNECT_MS = 15_000;
const ANSWER_MS = 20_000;
const BEAT_ANSWER_MS = 10_000;
/** When there is reason to doubt that the server is reached. */
const WAKE_ANSWER_MS = 1_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** After this long in `ready` the next loss counts as the first again. */
const STEADY_MS = 10_000;

export class Gateway {
  phase: Phase = { at: "off" };
  #token: string | null = null;
  #renew = false;
  #session: { id: string; instance: string; s: number } | null = null;
  /** The session that is given up with its copy: the server lets it go on with a fresh one. */
  #before: string | null = null;
  #instance = "";
  #attempt = 0;
  #online = true;
  /** `at`: when to beat next, or, while `beatenAt` is unanswered, when to give up. `doubted`: that beat was asked for. */
  #heart: { interval: number; at: number; beatenAt: number | null; doubted: boolean } | null = null;
  #replay: { left: number; digest: string } | null = null;
  #out: Output[] = [];

  /** `random` gives numbers from 0 up to 1. */
  constructor(private readonly random: () => number = Math.random) {}

  handle(now: number, input: Input): Output[] {
    this.#out = [];
    this.#handle(now, input);
    return this.#out;
  }

  /** Names the session, for a page after this one. */
  get session(): string | null {
    return this.#session?.id ?? this.#before;
  }

  /** When `time` is to be handed in. */
  deadline(): number | null {
    const heart = this.#heart?.at ?? Infinity;
    const phase = "until" in this.phase ? this.phase.until : Infinity;
    const first = Math.min(heart, phase);
    return first === Infinity ? null : first;
  }

  #handle(now: number, input: Input): void {
    switch (input.type) {
      case "start":
        this.#attempt = 0;
        this.#session = null;
        this.#before = input.before ?? null;
        return this.#connect(now);
      case "stop":
        this.#drop();
        this.#session = null;
        this.#before = null;
        this.phase = { at: "off" };
        return;
      case "network":
        return this.#network(now, input.online);
      case "wake":
        if (this.phase.at === "waiting") this.#connect(now);
        else if (this.#heart && this.#heart.beatenAt === null) this.#beat(now, WAKE_ANSWER_MS);
        return;
      case "token":
        if (this.phase.at !== "connecting") return;
        this.#token = input.token;
        this.#renew = false;
        return this.#put({ type: "open" });
      case "token_refused":
        if (this.phase.at !== "connecting") return;
        if (input.refusal.passing || input.refusal.code === "internal") return this.#wait(now);
        return this.#end({ kind: "logged_out", message: input.refusal.message, hint: input.refusal.hint });
      case "closed":
        return this.#closed(now, input.code, input.reason);
      case "frame":
        return this.#frame(now, input.frame);
      case "verified":
        // The copy went wrong somewhere: only a fresh one helps.
        if (!input.ok) this.#afresh(now);
        return;
      case "time":
        return this.#time(now);
      default:
        return absurd(input);
    }
  }

  #frame(now: number, frame: ServerFrame): void {
    switch (frame.op) {
      case "hello":
        return this.#hello(now, frame.d);
      case "ready":
        if (this.phase.at !== "identifying") return;
        this.#session = { id: frame.d.session, instance: this.#instance, s: 0 };
        this.#before = null;
        this.phase = { at: "ready", since: now };
        return this.#put({ type: "ready", ready: frame.d });
      case "resumed":
        if (this.phase.at !== "resuming") return;
        this.phase = { at: "ready", since: now };
        this.#replay = { left: frame.d.replayed, digest: frame.d.digest };
        return this.#checkReplay();
      case "dispatch":
        return this.#dispatch(now, frame);
      case "heartbeat_ack":
        return this.#beatAnswered();
      case "digest":
        if (this.#session?.s === frame.d.s) this.#put({ type: "verify", digest: frame.d.digest });
        return;
      case "reconnect":
        this.#drop();
        return this.#connect(now);
      case "invalid_session":
        this.#forget();
        if (this.phase.at === "resuming") this.#identify(now);
        else this.#afresh(now);
        return;
      default:
        // A newer server may say what this program does not know; that is no fault.
        return void (frame satisfies never);
    }
  }

  #hello(now: number, hello: Hello): void {
    if (this.phase.at !== "connecting") return;
    if (hello.version !== VERSION) return this.#end({ kind: "version", older: hello.version > VERSION ? "app" : "server" });
    this.#instance = hello.instance;
    // The first beat comes somewhere within the interval, so that not all clients beat at once.
    this.#heart = { interval: hello.heartbeat_interval_ms, at: now + hello.heartbeat_interval_ms * this.random(), beatenAt: null, doubted: false };
    if (this.#session && this.#session.instance === hello.instance && this.#token !== null) {
      this.phase = { at: "resuming", until: now + ANSWER_MS };
      return this.#put({ type: "send", frame: { op: "resume", d: { token: this.#token, session: this.#session.id, s: this.#session.s } } });
    }
    this.#forget();
    this.#identify(now);
  }

  #identify(now: number): void {
    this.phase = { at: "identifying", until: now + ANSWER_MS };
    this.#put({ type: "send", frame: { op: "identify", d: { token: this.#token ?? "", version: VERSION, ...(this.#before === null ? {} : { session: this.#before }) } } });
  }

  #forget(): void {
    this.#before = this.#session?.id ?? this.#before;
    this.#session = null;
  }

  #dispatch(now: number, frame: Extract<ServerFrame, { op: "dispatch" }>): void {
    const session = this.#session;
    if (!session || this.phase.at !== "ready" || frame.s <= session.s) return;
    if (frame.s > session.s + 1) return this.#afresh(now);
    session.s = frame.s;
    this.#put({ type: "event", event: { t: frame.t, d: frame.d } as Event });
    if (this.#replay) {
      this.#replay.left -= 1;
      this.#checkReplay();
    }
  }

  #checkReplay(): void {
    if (!this.#replay || this.#replay.left > 0) return;
    this.#put({ type: "verify", digest: this.#replay.digest });
    this.#replay = null;
  }

  #closed(now: number, code: number, reason: string): void {
    if (this.phase.at === "off" || this.phase.at === "ended" || this.phase.at === "offline") return;
    this.#heart = null;
    switch (code) {
      case CLOSE.revoked:
        return this.#end({ kind: "logged_out", message: reason || "You were logged out.", hint: "Log in again." });
      case CLOSE.version:
        return this.#end({ kind: "version", older: "app" });
      case CLOSE.unauthorized:
        this.#renew = true;
        return this.#wait(now);
      case CLOSE.badFrame:
      case CLOSE.badState:
      case CLOSE.replaced:
        this.#session = null;
        return this.#wait(now);
      default:
        return this.#wait(now);
    }
  }

  #network(now: number, online: boolean): void {
    this.#online = online;
    if (this.phase.at === "off" || this.phase.at === "ended") return;
    if (!online) {
      this.#drop();
      this.phase = { at: "offline" };
    } else if (this.phase.at === "offline" || this.phase.at === "waiting") {
      this.#attempt = 0;
      this.#connect(now);
    }
  }

  #time(now: number): void {
    if ("until" in this.phase && this.phase.until <= now) {
      if (this.phase.at === "waiting") return this.#connect(now);
      this.#drop();
      return this.#wait(now);
    }
    if (this.#heart && this.#heart.at <= now) this.#beat(now);
  }

  #beat(now: number, patience = BEAT_ANSWER_MS): void {
    const heart = this.#heart;
    if (!heart) return;
    if (heart.beatenAt !== null) {
      this.#drop();
      // It was reached just now: another way is looked for at once, and the usual waits begin only when that fails too.
      return heart.doubted ? this.#connect(now) : this.#wait(now);
    }
    heart.beatenAt = now;
    heart.doubted = patience === WAKE_ANSWER_MS;
    heart.at = now + Math.min(heart.interval, patience);
    this.#put({ type: "send", frame: { op: "heartbeat", d: { s: this.#session?.s ?? 0 } } });
  }

  #beatAnswered(): void {
    const heart = this.#heart;
    if (!heart || heart.beatenAt === null) return;
    heart.at = heart.beatenAt + heart.interval;
    heart.beatenAt = null;
  }

  #connect(now: number): void {
    if (!this.#online) {
      this.phase = { at: "offline" };
      return;
    }
    this.phase = { at: "connecting", until: now + CONNECT_MS };
    this.#put({ type: "need_token", renew: this.#renew });
  }

  #wait(now: number): void {
    if (this.phase.at === "ready" && now - this.phase.since >= STEADY_MS) this.#attempt = 0;
    this.#heart = null;
    this.#replay = null;
    const longest = Math.min(FIRST_WAIT_MS * 2 ** this.#attempt, LONGEST_WAIT_MS);
    this.#attempt += 1;
    this.phase = { at: "waiting", until: now + longest * (0.5 + this.random() / 2), attempt: this.#attempt };
  }

  /** Starts over on a new connection, with a fresh `ready`. */
  #afresh(now: number): void {
    this.#drop();
    this.#forget();
    this.#connect(now);
  }

  #end(why: Ended): void {
    this.#drop();
    this.#session = null;
    this.phase = { at: "ended", why };
  }

  #drop(): void {
    this.#heart = null;
    this.#replay = null;
    this.#put({ type: "close" });
  }

  #put(output: Output): void {
    this.#out.push(output);
  }
}
