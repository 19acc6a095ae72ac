import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChannelId, VoiceEnded, VoiceGone, VoiceOffer } from "../../protocol/generated";
import { CallMachine, type Input, isActive, type Output, type VoiceFrame } from "./call";

const offer = (connection: number, channel_id: ChannelId = "A", negotiation = 1): VoiceOffer => ({ channel_id, connection, negotiation, sdp: "", takes: [], tracks: [] });
const ended = (reason: VoiceGone, channel_id: ChannelId = "A"): Input => ({ type: "ended", ended: { channel_id, reason } });

/** A machine with its outputs by name. */
function machine() {
  const one = new CallMachine(() => 0.5);
  let now = 0;
  const said = (outputs: Output[]): string[] => outputs.map((output) => (output.type === "send" ? output.frame.op : output.type));
  return {
    one,
    put: (input: Input) => said(one.handle(now, input)),
    wait: (ms: number) => {
      now += ms;
      return said(one.handle(now, { type: "time" }));
    },
    get call() {
      return one.call;
    },
  };
}

function connected() {
  const it = machine();
  it.put({ type: "gateway_up", anew: true, call: null });
  it.put({ type: "join", channelId: "A" });
  it.put({ type: "offer", offer: offer(1) });
  it.put({ type: "answered", connection: 1, negotiation: 1, sdp: "" });
  it.put({ type: "media", connection: 1, state: "connected" });
  expect(it.call).toMatchObject({ at: "connected", channelId: "A", connection: 1, heard: true });
  return it;
}

describe("a call", () => {
  test("goes on where a page before left it", () => {
    const it = machine();
    it.put({ type: "adopt", channelId: "A", connection: 4 });
    expect(it.call).toMatchObject({ at: "connected", channelId: "A", connection: 4 });
    expect(it.put({ type: "gateway_up", anew: true, call: 4 })).toEqual(["voice_self"]);
    expect(it.call.at).toBe("connected");
  });

  test("is asked for again where the server knows nothing of it any more", () => {
    const it = machine();
    it.put({ type: "adopt", channelId: "A", connection: 4 });
    expect(it.put({ type: "gateway_up", anew: true, call: null })).toEqual(["voice_join"]);
  });

  test("that nobody wants any more is left where the server still has it", () => {
    const it = connected();
    it.put({ type: "gateway_down" });
    it.put({ type: "leave" });
    expect(it.put({ type: "gateway_up", anew: true, call: 1 })).toEqual(["voice_leave"]);
  });

  test("is asked for, offered, answered, and there when media flows", () => {
    const it = machine();
    it.put({ type: "gateway_up", anew: true, call: null });
    expect(it.put({ type: "join", channelId: "A" })).toEqual(["drop", "voice_join"]);
    expect(it.put({ type: "offer", offer: offer(1) })).toEqual(["answer"]);
    expect(it.put({ type: "answered", connection: 1, negotiation: 1, sdp: "" })).toEqual(["voice_answer"]);
    expect(it.call.at).toBe("connecting");
    it.put({ type: "media", connection: 1, state: "connected" });
    expect(it.call.at).toBe("connected");
  });

  test("that nobody answers is asked for three times, then ends with why", () => {
    const it = machine();
    it.put({ type: "gateway_up", anew: true, call: null });
    it.put({ type: "join", channelId: "A" });
    const said = [8_000, 1_000, 8_000, 2_000, 8_000].flatMap((ms) => it.wait(ms));
    expect(said).toEqual(["voice_join", "voice_join", "voice_leave", "close"]);
    expect(it.call).toEqual({ at: "ended", channelId: "A", reason: "failed" });
  });

  test("goes on while the gateway is away, and is told what changed meanwhile", () => {
    const it = connected();
    it.put({ type: "gateway_down" });
    expect(it.put({ type: "self", self: { self_mute: true, self_deaf: false } })).toEqual([]);
    expect(it.wait(60_000)).toEqual([]);
    expect(it.call.at).toBe("connected");
    expect(it.put({ type: "gateway_up", anew: false })).toEqual(["voice_answer", "voice_self"]);
  });

  test("is had again in the same room after the server started anew, and keeps its media until the offer", () => {
    const it = connected();
    it.put({ type: "gateway_down" });
    expect(it.put({ type: "gateway_up", anew: true, call: null })).toEqual(["voice_join"]);
    expect(it.call).toMatchObject({ at: "reconnecting", channelId: "A", why: "server" });
    expect(it.put({ type: "offer", offer: offer(1) })).toEqual(["answer"]);
    it.put({ type: "media", connection: 1, state: "connected" });
    expect(it.call.at).toBe("connected");
  });

  test("looks for a new way when media stops, and for a new connection when there is none", () => {
    const it = connected();
    expect(it.put({ type: "media", connection: 1, state: "interrupted" })).toEqual(["voice_restart"]);
    expect(it.call).toMatchObject({ at: "reconnecting", why: "network", step: { is: "restarting", connection: 1 } });
    expect(it.put({ type: "offer", offer: offer(1, "A", 2) })).toEqual(["answer"]);
    expect(it.wait(4_000)).toEqual(["voice_join"]);
    expect(it.put({ type: "offer", offer: offer(2) })).toEqual(["answer"]);
    it.put({ type: "media", connection: 2, state: "connected" });
    expect(it.call).toMatchObject({ at: "connected", connection: 2 });
  });

  test("asks for a new way at a change of network, without being interrupted", () => {
    const it = connected();
    expect(it.put({ type: "network_changed" })).toEqual(["voice_restart"]);
    expect(it.call.at).toBe("connected");
  });

  test("taken over by another device ends, and can be taken back", () => {
    const it = connected();
    expect(it.put(ended("taken_over"))).toEqual(["close"]);
    expect(it.call).toEqual({ at: "ended", channelId: "A", reason: "taken_over" });
    expect(it.put({ type: "join", channelId: "A" })).toContain("voice_join");
  });

  test("follows where a moderator moves it", () => {
    const it = connected();
    expect(it.put(ended("moved"))).toEqual(["drop"]);
    expect(it.put({ type: "offer", offer: offer(2, "B") })).toEqual(["answer"]);
    expect(it.call).toMatchObject({ at: "connecting", channelId: "B", connection: 2 });
  });

  test("left while the gateway was away is left when it is back", () => {
    const it = connected();
    it.put({ type: "gateway_down" });
    expect(it.put({ type: "leave" })).toEqual(["close"]);
    expect(it.put({ type: "gateway_up", anew: false })).toEqual(["voice_leave"]);
  });

  test("left just before the gateway's connection was lost is left again after it", () => {
    const it = connected();
    expect(it.put({ type: "leave" })).toEqual(["voice_leave", "close"]);
    it.put({ type: "gateway_down" });
    expect(it.put({ type: "gateway_up", anew: false })).toEqual(["voice_leave"]);
  });

  test("does not take what is told of a call before it", () => {
    const it = connected();
    it.put({ type: "join", channelId: "B" });
    expect(it.put(ended("moved", "A"))).toEqual([]);
    expect(it.put({ type: "offer", offer: offer(1, "A", 2) })).toEqual([]);
    expect(it.put({ type: "media", connection: 1, state: "failed" })).toEqual([]);
    expect(it.call).toMatchObject({ at: "joining", channelId: "B" });
  });

  test("sends its answer again after a resume, since it may have been lost", () => {
    const it = machine();
    it.put({ type: "gateway_up", anew: true, call: null });
    it.put({ type: "join", channelId: "A" });
    it.put({ type: "offer", offer: offer(1) });
    it.put({ type: "gateway_down" });
    expect(it.put({ type: "answered", connection: 1, negotiation: 1, sdp: "" })).toEqual([]);
    expect(it.put({ type: "gateway_up", anew: false })).toEqual(["voice_answer", "voice_self"]);
    expect(it.call.at).toBe("connecting");
  });

  test("does not ask to be let in more often than the server allows", () => {
    const it = connected();
    const said = Array.from({ length: 12 }, (_, at) => it.put({ type: "join", channelId: at % 2 === 0 ? "B" : "A" })).flat();
    expect(said.filter((one) => one === "voice_join")).toHaveLength(3);
    expect(it.wait(1_100)).toEqual(["voice_join"]);
  });

  test("that is not let in elsewhere leaves where it was as well", () => {
    const it = connected();
    it.put({ type: "join", channelId: "B" });
    expect(it.put(ended("full", "B"))).toEqual(["voice_leave", "close"]);
    expect(it.call).toEqual({ at: "ended", channelId: "B", reason: "full" });
  });

  test("is told when it cannot be heard", () => {
    const it = connected();
    it.put({ type: "heard", heard: false });
    expect(it.call).toMatchObject({ at: "connected", heard: false });
  });

  test("that this browser has no media for is left", () => {
    const it = machine();
    it.put({ type: "gateway_up", anew: true, call: null });
    it.put({ type: "join", channelId: "A" });
    expect(it.put({ type: "unusable" })).toEqual(["voice_leave", "close"]);
    expect(it.call).toMatchObject({ at: "ended", reason: "unusable" });
  });
});

/** What the server does with the frames of one device, as `server/src/voice/calls.rs` does. */
class FakeServer {
  call: { channel: ChannelId; connection: number; mine: boolean; answered: number; offered: number } | null = null;
  #connections = 0;
  toClient: Input[] = [];

  frame(frame: VoiceFrame): void {
    if (frame.op === "voice_join") return this.enter(frame.d.channel_id, true);
    if (!this.call?.mine) return;
    if (frame.op === "voice_leave") this.end("left");
    else if (frame.op === "voice_answer" && frame.d.connection === this.call.connection) this.call.answered = frame.d.negotiation;
    else if (frame.op === "voice_restart") this.offer();
  }

  /** A channel that has no room for whoever is not in it. */
  full: ChannelId | null = null;

  enter(channel: ChannelId, mine: boolean): void {
    const before = this.call;
    // They stay where they are.
    if (mine && this.full === channel && before?.channel !== channel) return this.#tell(channel, "full");
    if (before?.mine) {
      if (!mine) this.#tell(before.channel, "taken_over");
      else if (before.channel !== channel) this.#tell(before.channel, "moved");
    }
    this.call = { channel, connection: ++this.#connections, mine, answered: 0, offered: 0 };
    if (mine) this.offer();
  }

  offer(): void {
    const call = this.call;
    if (!call?.mine) return;
    call.offered += 1;
    this.toClient.push({ type: "offer", offer: offer(call.connection, call.channel, call.offered) });
  }

  end(reason: VoiceGone): void {
    if (this.call?.mine) this.#tell(this.call.channel, reason);
    this.call = null;
  }

  #tell(channel_id: ChannelId, reason: VoiceEnded["reason"]): void {
    this.toClient.push({ type: "ended", ended: { channel_id, reason } });
  }
}

type Op = "up" | "down" | "media" | "cut" | "wait" | "leave" | "network" | "resume" | "again" | "restart" | "take" | "kick" | "fail" | "fill" | { join: ChannelId } | { move: ChannelId };

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Op>("up", "down", "media") },
  { weight: 2, arbitrary: fc.constantFrom<Op>("cut", "wait", "leave", "network", "resume", "again", "restart", "take", "kick", "fail", "fill") },
  { weight: 2, arbitrary: fc.constantFrom("A", "B").map((join) => ({ join })) },
  { weight: 1, arbitrary: fc.constantFrom("A", "B").map((move) => ({ move })) },
);

test("whatever happens in whatever order, both sides end with the same call", () => {
  fc.assert(
    fc.property(fc.array(op, { maxLength: 60 }), (ops) => {
      const server = new FakeServer();
      const client = new CallMachine(() => 0.5);
      const toServer: VoiceFrame[] = [];
      /** What the media of the client is connected to. */
      let media: number | null = null;
      let now = 0;
      const put = (input: Input): void => {
        for (const output of client.handle(now, input)) {
          if (output.type === "send") toServer.push(output.frame);
          else if (output.type === "close" || output.type === "drop") media = null;
          else {
            media = output.offer.connection;
            put({ type: "answered", connection: media, negotiation: output.offer.negotiation, sdp: "" });
          }
        }
        const deadline = client.deadline();
        expect(deadline === null || deadline > now || input.type === "time").toBe(true);
        if (client.connection !== null && client.call.at === "connected") expect(media).toBe(client.connection);
        if (!isActive(client.call)) expect(media).toBeNull();
      };
      const up = (): void => void (toServer.length > 0 && server.frame(toServer.shift()!));
      const down = (): void => void (server.toClient.length > 0 && put(server.toClient.shift()!));
      const flow = (): void => {
        if (media !== null) put({ type: "media", connection: media, state: server.call?.mine && server.call.connection === media && server.call.answered > 0 ? "connected" : "failed" });
      };
      const wait = (): void => {
        now = Math.max(now, client.deadline() ?? now + 1);
        put({ type: "time" });
      };
      const anew = (): void => {
        toServer.length = 0;
        server.toClient.length = 0;
        put({ type: "gateway_down" });
        if (server.call?.mine) server.call = null;
        put({ type: "gateway_up", anew: true, call: null });
      };
      put({ type: "gateway_up", anew: true, call: null });
      for (const one of ops) {
        now += 1;
        if (typeof one === "object") {
          if ("join" in one) put({ type: "join", channelId: one.join });
          else if (server.call && server.call.channel !== one.move && server.full !== one.move) server.enter(one.move, server.call.mine);
        } else if (one === "up") up();
        else if (one === "down") down();
        else if (one === "media") flow();
        else if (one === "wait") wait();
        else if (one === "leave") put({ type: "leave" });
        else if (one === "network") put({ type: "network_changed" });
        else if (one === "cut") {
          if (media !== null) put({ type: "media", connection: media, state: "interrupted" });
        } else if (one === "resume") {
          // What was on its way to the server is lost, what was on its way to the client is replayed.
          toServer.length = 0;
          put({ type: "gateway_down" });
          put({ type: "gateway_up", anew: false });
        } else if (one === "again") {
          // All that was on its way is lost, and the session goes on with a fresh copy.
          toServer.length = 0;
          server.toClient.length = 0;
          put({ type: "gateway_down" });
          put({ type: "gateway_up", anew: true, call: server.call?.mine ? server.call.connection : null });
          if (server.call && server.call.answered !== server.call.offered) server.offer();
        } else if (one === "restart") anew();
        else if (one === "take") server.enter("B", false);
        else if (one === "fill") server.full = server.full === null ? "B" : null;
        else if (one === "kick") server.end("disconnected");
        else server.end("failed");
      }
      for (let turn = 0; turn < 400; turn++) {
        while (toServer.length + server.toClient.length > 0) {
          up();
          down();
        }
        flow();
        if (client.deadline() === null) break;
        if (client.call.at !== "connected") wait();
      }
      while (toServer.length + server.toClient.length > 0) {
        up();
        down();
      }
      const call = client.call;
      if (call.at === "connected") expect(server.call).toMatchObject({ mine: true, channel: call.channelId, connection: call.connection });
      else {
        expect(["idle", "ended"]).toContain(call.at);
        expect(server.call?.mine ?? false).toBe(false);
      }
    }),
    { numRuns: 10_000 },
  );
});
