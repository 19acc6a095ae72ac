import type { ClientFrame, Ready, ServerFrame } from "../protocol/generated";
import { absurd } from "../absurd";
import { type Event, Gateway, type Input, type Output, type Phase } from "./gateway";
import { Refusal } from "./refusal";
import type { Socket, SocketListener } from "./socket";
import type { Timer } from "./timer";

/** What the connection needs of the world. */
export interface World {
  openSocket(listener: SocketListener): Socket;
  /** A good token; with `refused`, another one than that. */
  access(refused?: string): Promise<string>;
  timer: Timer;
  now(): number;
  random(): number;
}

/** Whom the connection serves. `ready` and `event` must be done with the store when they return. */
export interface Listener {
  ready(ready: Ready): void;
  event(event: Event): void;
  phase(phase: Phase): void;
  /** The digest of the copy as it is now. */
  digest(): string;
}

/** The shell around {@link Gateway}: a socket, a clock and tokens. */
export class Connection {
  readonly #gateway: Gateway;
  #socket: Socket | null = null;
  #stopTimer: () => void = () => undefined;
  #token: string | undefined;
  #phase: Phase = { at: "off" };

  constructor(
    private readonly world: World,
    private readonly listener: Listener,
  ) {
    this.#gateway = new Gateway(() => world.random());
  }

  /** `before`: the session that a page before this one had. */
  start(before?: string): void {
    this.#input({ type: "start", ...(before === undefined ? {} : { before }) });
  }

  /** Names the session, for a page after this one. */
  get session(): string | null {
    return this.#gateway.session;
  }

  stop(): void {
    this.#input({ type: "stop" });
  }

  network(online: boolean): void {
    this.#input({ type: "network", online });
  }

  wake(): void {
    this.#input({ type: "wake" });
  }

  /** Sends something short-lived, or drops it when there is no connection. */
  say(frame: Extract<ClientFrame, { op: "typing" | "activity" | "verify" | `voice_${string}` }>): void {
    if (this.#gateway.phase.at === "ready") this.#send(frame);
  }

  #input(input: Input): void {
    for (const output of this.#gateway.handle(this.world.now(), input)) this.#do(output);
    if (this.#gateway.phase !== this.#phase) {
      this.#phase = this.#gateway.phase;
      this.listener.phase(this.#phase);
    }
    this.#stopTimer();
    const deadline = this.#gateway.deadline();
    if (deadline !== null) this.#stopTimer = this.world.timer(Math.max(0, deadline - this.world.now()), () => this.#input({ type: "time" }));
  }

  #do(output: Output): void {
    switch (output.type) {
      case "need_token":
        return void this.#fetchToken(output.renew);
      case "open":
        return this.#open();
      case "close":
        return this.#close();
      case "send":
        return this.#send(output.frame);
      case "ready":
        return this.listener.ready(output.ready);
      case "event":
        return this.listener.event(output.event);
      case "verify":
        return this.#input({ type: "verified", ok: this.listener.digest() === output.digest });
      default:
        return absurd(output);
    }
  }

  async #fetchToken(renew: boolean): Promise<void> {
    try {
      this.#token = await this.world.access(renew ? this.#token : undefined);
      this.#input({ type: "token", token: this.#token });
    } catch (thrown) {
      this.#input({ type: "token_refused", refusal: Refusal.from(thrown) });
    }
  }

  #open(): void {
    this.#close();
    this.#socket = this.world.openSocket({
      message: (text) => this.#input({ type: "frame", frame: JSON.parse(text) as ServerFrame }),
      closed: (code, reason) => {
        this.#socket = null;
        this.#input({ type: "closed", code, reason });
      },
    });
  }

  #close(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #send(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }
}
