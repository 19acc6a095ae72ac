import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLOSE, VERSION } from "../protocol/constants";
import type { ServerFrame } from "../protocol/generated";
import { ready as sampleReady } from "../testing/samples";
import { Gateway, type Input, type Output } from "./gateway";
import { Refusal } from "./refusal";

const hello = (instance = "a"): Input => ({ type: "frame", frame: { op: "hello", d: { version: VERSION, instance, heartbeat_interval_ms: 30_000 } } });
const readyFrame = (session = "s1"): Input => ({ type: "frame", frame: { op: "ready", d: sampleReady({ session }) } });
const resumed = (replayed: number): Input => ({ type: "frame", frame: { op: "resumed", d: { replayed, digest: "d" } } });
const dispatch = (s: number): Input => ({ type: "frame", frame: { op: "dispatch", s, t: "knock_update", d: { waiting: s } } });
const closed = (code: number, reason = ""): Input => ({ type: "closed", code, reason });

/** A gateway at time `at`, and a short way to talk to it. */
function start() {
  const gateway = new Gateway(() => 0.5);
  const fixture = {
    gateway,
    at: 0,
    give: (...inputs: Input[]): Output[] => inputs.flatMap((input) => gateway.handle(fixture.at, input)),
    /** Lets the time of the next deadline come. */
    later: (): Output[] => {
      fixture.at = gateway.deadline() ?? fixture.at;
      return gateway.handle(fixture.at, { type: "time" });
    },
    connect: (instance = "a") => fixture.give({ type: "token", token: "t" }, hello(instance)),
    becomeReady: () => {
      fixture.give({ type: "start" });
      fixture.connect();
      return fixture.give(readyFrame());
    },
  };
  return fixture;
}

const sent = (outputs: Output[]): string[] => outputs.flatMap((output) => (output.type === "send" ? [output.frame.op] : []));

describe("the gateway's client", () => {
  test("fetches a token, opens a socket, identifies and hands over what is ready", () => {
    const { gateway, give } = start();
    expect(give({ type: "start" })).toEqual([{ type: "need_token", renew: false }]);
    expect(give({ type: "token", token: "t" })).toEqual([{ type: "open" }]);
    expect(give(hello())).toEqual([{ type: "send", frame: { op: "identify", d: { token: "t", version: VERSION } } }]);
    expect(give(readyFrame()).map((output) => output.type)).toEqual(["ready"]);
    expect(gateway.phase.at).toBe("ready");
  });

  test("resumes after a loss with the last s it applied, and checks its copy after the replay", () => {
    const it = start();
    it.becomeReady();
    it.give(dispatch(1), dispatch(2), closed(1006));
    expect(it.gateway.phase.at).toBe("waiting");
    expect(it.later()).toEqual([{ type: "need_token", renew: false }]);
    expect(it.connect().at(-1)).toEqual({ type: "send", frame: { op: "resume", d: { token: "t", session: "s1", s: 2 } } });
    expect(it.give(resumed(2))).toEqual([]);
    expect(it.give(dispatch(3)).map((one) => one.type)).toEqual(["event"]);
    expect(it.give(dispatch(4)).map((one) => one.type)).toEqual(["event", "verify"]);
    expect(it.give(dispatch(5)).map((one) => one.type)).toEqual(["event"]);
  });

  test("drops a dispatch that it had already", () => {
    const it = start();
    it.becomeReady();
    expect(it.give(dispatch(1), dispatch(1)).map((one) => one.type)).toEqual(["event"]);
  });

  test("asks for a fresh start when a dispatch is missing", () => {
    const it = start();
    it.becomeReady();
    expect(it.give(dispatch(1), dispatch(3)).map((one) => one.type)).toEqual(["event", "close", "need_token"]);
    expect(sent(it.connect())).toEqual(["identify"]);
  });

  test("asks for a fresh start when its copy is not the server's", () => {
    const it = start();
    it.becomeReady();
    expect(it.give({ type: "verified", ok: true })).toEqual([]);
    it.give({ type: "verified", ok: false });
    expect(sent(it.connect())).toEqual(["identify"]);
  });

  test("identifies on the same connection when the session is over", () => {
    const it = start();
    it.becomeReady();
    it.give(closed(1006));
    it.later();
    it.connect();
    expect(sent(it.give({ type: "frame", frame: { op: "invalid_session", d: { reason: "over" } } }))).toEqual(["identify"]);
  });

  test("a session whose copy is lost goes on with a fresh one", () => {
    const it = start();
    it.becomeReady();
    it.give(dispatch(1), dispatch(3));
    expect(it.connect().at(-1)).toEqual({ type: "send", frame: { op: "identify", d: { token: "t", version: VERSION, session: "s1" } } });
    it.give(readyFrame());
    it.give({ type: "stop" }, { type: "start" });
    expect(it.connect().at(-1), "another one's is not").toEqual({ type: "send", frame: { op: "identify", d: { token: "t", version: VERSION } } });
  });

  test("goes on with the session of the page before it", () => {
    const it = start();
    it.give({ type: "start", before: "s0" });
    expect(it.connect().at(-1)).toEqual({ type: "send", frame: { op: "identify", d: { token: "t", version: VERSION, session: "s0" } } });
  });

  test("identifies when the server was restarted", () => {
    const it = start();
    it.becomeReady();
    it.give(closed(CLOSE.goingAway));
    it.later();
    expect(sent(it.connect("b"))).toEqual(["identify"]);
  });

  test("takes a silent connection for lost after one unanswered heartbeat", () => {
    const it = start();
    it.becomeReady();
    expect(sent(it.later())).toEqual(["heartbeat"]);
    it.give({ type: "frame", frame: { op: "heartbeat_ack" } });
    expect(sent(it.later())).toEqual(["heartbeat"]);
    expect(it.later()).toEqual([{ type: "close" }]);
    expect(it.gateway.phase.at).toBe("waiting");
  });

  test("looks within a second whether it is still there when there is doubt, and for another way if it is not", () => {
    const it = start();
    it.becomeReady();
    expect(sent(it.give({ type: "wake" }))).toEqual(["heartbeat"]);
    it.give({ type: "frame", frame: { op: "heartbeat_ack" } });
    expect(sent(it.give({ type: "wake" }, { type: "wake" }))).toEqual(["heartbeat"]);
    const before = it.at;
    expect(it.later()).toEqual([{ type: "close" }, { type: "need_token", renew: false }]);
    expect(it.at - before).toBe(1_000);
  });

  test("waits longer after each failure, up to half a minute", () => {
    const it = start();
    it.give({ type: "start" });
    const waits = Array.from({ length: 12 }, () => {
      it.give({ type: "token_refused", refusal: Refusal.offline() });
      const before = it.at;
      it.later();
      return it.at - before;
    });
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    expect(waits[0]).toBeLessThan(500);
    expect(waits.at(-1)).toBeLessThanOrEqual(30_000);
  });

  test("rests while the browser is offline and connects at once when it is back", () => {
    const it = start();
    it.becomeReady();
    it.give({ type: "network", online: false });
    expect(it.gateway.phase.at).toBe("offline");
    expect(it.gateway.deadline()).toBeNull();
    expect(it.give({ type: "network", online: true })).toEqual([{ type: "need_token", renew: false }]);
  });

  test("renews a token that is no longer taken", () => {
    const it = start();
    it.becomeReady();
    it.give(closed(CLOSE.unauthorized));
    expect(it.later()).toEqual([{ type: "need_token", renew: true }]);
  });

  test.each([
    ["is revoked", closed(CLOSE.revoked, "You were logged out on another device."), { kind: "logged_out", message: "You were logged out on another device.", hint: "Log in again." }],
    ["is older than the server", { type: "frame", frame: { op: "hello", d: { version: VERSION + 1, instance: "a", heartbeat_interval_ms: 1 } } } satisfies Input, { kind: "version", older: "app" }],
    ["is newer than the server", { type: "frame", frame: { op: "hello", d: { version: VERSION - 1, instance: "a", heartbeat_interval_ms: 1 } } } satisfies Input, { kind: "version", older: "server" }],
    ["has no log-in any more", { type: "token_refused", refusal: new Refusal("session_ended", "Over.") } satisfies Input, expect.objectContaining({ kind: "logged_out", message: "Over." })],
  ])("ends for good when it %s", (_, input, why) => {
    const { gateway, give } = start();
    give({ type: "start" });
    if (input.type !== "token_refused") give({ type: "token", token: "t" });
    give(input as Input);
    expect(gateway.phase).toEqual({ at: "ended", why });
    expect(gateway.deadline()).toBeNull();
  });

  test("ignores what a newer server says", () => {
    const it = start();
    it.becomeReady();
    const newer = { op: "moon_phase", d: {} } as unknown as ServerFrame;
    expect(it.give({ type: "frame", frame: newer })).toEqual([]);
  });
});

/** A server with one log that every session follows; it forgets sessions when it restarts. */
class FakeServer {
  instance = 0;
  log: number[] = [];
  sessions = new Map<string, { from: number; offset: number }>();
  session: string | null = null;
  next = 0;

  answer(frame: Extract<Output, { type: "send" }>["frame"]): ServerFrame[] {
    if (frame.op === "identify") {
      this.session = frame.d.session !== undefined && this.sessions.has(frame.d.session) ? frame.d.session : `s${this.next++}`;
      this.sessions.set(this.session, { from: this.log.length, offset: 0 });
      return [{ op: "ready", d: sampleReady({ session: this.session, knocks: this.log.length }) }];
    }
    if (frame.op === "resume") {
      const known = this.sessions.get(frame.d.session);
      if (!known) return [{ op: "invalid_session", d: { reason: "" } }];
      this.session = frame.d.session;
      const missed = this.log.slice(known.from + frame.d.s);
      return [{ op: "resumed", d: { replayed: missed.length, digest: "d" } }, ...missed.map((waiting, i) => this.frame(frame.d.s + i + 1, waiting))];
    }
    return [];
  }

  happen(): ServerFrame[] {
    this.log.push(this.log.length + 1);
    const known = this.session === null ? undefined : this.sessions.get(this.session);
    return known ? [this.frame(this.log.length - known.from, this.log.length)] : [];
  }

  frame(s: number, waiting: number): ServerFrame {
    return { op: "dispatch", s, t: "knock_update", d: { waiting } };
  }
}

test("whatever is cut, lost, doubled or restarted, the copy follows the log without a gap or a repeat", () => {
  const step = fc.constantFrom("event", "event", "event", "cut", "lose", "double", "restart", "time", "offline", "online");
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const gateway = new Gateway(() => 0.5);
      const server = new FakeServer();
      let now = 0;
      let open = false;
      let copy = 0;
      const give = (input: Input): void => {
        for (const output of gateway.handle(now, input)) {
          if (output.type === "need_token") give({ type: "token", token: "t" });
          else if (output.type === "open") {
            open = true;
            give({ type: "frame", frame: { op: "hello", d: { version: VERSION, instance: `${server.instance}`, heartbeat_interval_ms: 30_000 } } });
          } else if (output.type === "close") open = false;
          else if (output.type === "send") for (const frame of server.answer(output.frame)) if (open) give({ type: "frame", frame });
          if (output.type === "ready") copy = output.ready.knocks ?? 0;
          if (output.type === "event" && output.event.t === "knock_update") {
            expect(output.event.d.waiting).toBe(copy + 1);
            copy = output.event.d.waiting;
          }
          if (output.type === "verify") expect(copy).toBe(server.log.length);
        }
      };
      const act: Record<string, () => void> = {
        event: () => server.happen().forEach((frame) => open && give({ type: "frame", frame })),
        cut: () => {
          open = false;
          give({ type: "closed", code: 1006, reason: "" });
        },
        lose: () => void server.happen(),
        double: () => server.happen().forEach((frame) => open && (give({ type: "frame", frame }), give({ type: "frame", frame }))),
        restart: () => {
          server.instance += 1;
          server.sessions.clear();
          server.session = null;
          act["cut"]!();
        },
        time: () => {
          now = gateway.deadline() ?? now;
          give({ type: "time" });
        },
        offline: () => give({ type: "network", online: false }),
        online: () => give({ type: "network", online: true }),
      };
      give({ type: "start" });
      for (const one of steps) act[one]!();
      // Left alone, it comes back and has everything.
      act["online"]!();
      for (let i = 0; i < 4 && gateway.phase.at !== "ready"; i++) act["time"]!();
      act["event"]!();
      expect(gateway.phase.at).toBe("ready");
      expect(copy).toBe(server.log.length);
    }),
    { numRuns: 300 },
  );
});
