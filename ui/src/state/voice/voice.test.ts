import { createStore } from "solid-js/store";
import { beforeEach, describe, expect, test } from "vitest";
import { accountShelves } from "../../backend/desktop/shelves";
import { memoryShelf, type Shelf } from "../../backend/storage";
import { Recorder } from "../../backend/voice/recorder";
import type { VoiceEngine, VoiceListener, VoiceMedia } from "../../backend/voice/engine";
import type { VoiceOffer } from "../../protocol/generated";
import { fakeClock, settle } from "../../testing/clock";
import { channel, member, ready, role, sampleState, user } from "../../testing/samples";
import { apply } from "../apply";
import type { State } from "../model";
import { createPreferences } from "../preferences";
import type { VoiceFrame } from "./call";
import { Voice } from "./voice";

let clock: ReturnType<typeof fakeClock>;
let shelf: Shelf;
let sent: VoiceFrame[];
/** What was asked of media, as `name argument`. */
let asked: string[];
/** How often the connection was measured. */
let measured: number;
let listener: VoiceListener;
let state: State;
let broken: boolean;

/** Media that does as it is told, and writes it down. */
function fakeMedia(): VoiceMedia {
  const note =
    (name: string) =>
    (...args: unknown[]): void =>
      void asked.push([name, ...args.map((one) => (typeof one === "object" ? "…" : String(one)))].join(" "));
  return {
    answer: (offer) => {
      asked.push(`answer ${offer.connection}.${offer.negotiation}`);
      return Promise.resolve("sdp");
    },
    adopt: note("adopt"),
    setTracks: note("tracks"),
    configure: note("configure"),
    setMuted: note("muted"),
    setDeafened: note("deafened"),
    setHeard: note("heard"),
    setVolume: note("volume"),
    setPressed: note("pressed"),
    retry: note("retry"),
    setShare: note("share"),
    stats: () => ((measured += 1), Promise.resolve(null)),
    drop: note("drop"),
    close: note("close"),
  };
}

const engine: VoiceEngine = {
  recorder: new Recorder(),
  devices: () => Promise.resolve({ inputs: [], outputs: [], choosesOutput: false, named: false }),
  onDevices: () => () => undefined,
  open: (_, to) => {
    asked.push("open");
    listener = to;
    return fakeMedia();
  },
  test: () => ({ configure: () => undefined, setLoop: () => undefined, retry: () => undefined, close: () => undefined }),
  cue: (cue) => void asked.push(`cue ${cue}`),
};

/** Space 10 with voice channels 20 and 21; oneself is 1, the owner is 2. */
function makeState(): State {
  const base = ready().spaces[0]!;
  const channels = [channel("10", "20", { kind: "voice" }), channel("10", "21", { kind: "voice" })];
  return sampleState({ spaces: [{ ...base, channels, roles: [role("10", "10")], members: [member("10", "1"), member("10", "2")] }], users: [user("1"), user("2")] });
}

function make(): Voice {
  const [preferences, setPreferences] = createPreferences(shelf, false, () => voice.refresh());
  const [stored] = createStore(state);
  const voice: Voice = new Voice({
    engine: () => (broken ? Promise.reject(new Error("no WebRTC here")) : Promise.resolve(engine)),
    send: (frame) => void sent.push(frame),
    wake: () => void asked.push("wake"),
    state: stored,
    preferences,
    setPreferences,
    timer: clock.timer,
    now: clock.now,
    random: () => 0.5,
  });
  return voice;
}

const offer = (connection: number, channel_id = "20"): VoiceOffer => ({ channel_id, connection, negotiation: 1, sdp: "", takes: [], tracks: [] });
const ops = (): string[] => sent.map((frame) => frame.op);

async function inCall(): Promise<Voice> {
  const voice = make();
  voice.ready(null);
  voice.join("20");
  await settle();
  voice.event({ t: "voice_offer", d: offer(1) });
  await settle();
  listener.media(1, "connected");
  await settle();
  expect(voice.call().at).toBe("connected");
  return voice;
}

beforeEach(() => {
  clock = fakeClock();
  shelf = memoryShelf();
  sent = [];
  asked = [];
  measured = 0;
  broken = false;
  state = makeState();
});

describe("a call in the app", () => {
  test("opens the microphone at the click, answers, and tells by a sound that one is there", async () => {
    await inCall();
    expect(ops()).toEqual(["voice_join", "voice_answer"]);
    expect(asked).toEqual(["open", "deafened false", "muted false", "deafened false", "answer 1.1", "cue join"]);
  });

  test("ends with its media, and a sound", async () => {
    const voice = await inCall();
    voice.leave();
    await settle();
    expect(ops().at(-1)).toBe("voice_leave");
    expect(asked.slice(-2)).toEqual(["close", "cue leave"]);
    expect(voice.call()).toEqual({ at: "idle" });
  });

  test("keeps the microphone open from one room to the next", async () => {
    const voice = await inCall();
    asked = [];
    voice.join("21");
    await settle();
    expect(asked).toEqual(["drop"]);
    expect(sent.at(-1)).toEqual({ op: "voice_join", d: { channel_id: "21", self_mute: false, self_deaf: false } });
  });

  test("is had again without a click after the server started anew, with the same microphone", async () => {
    const voice = await inCall();
    voice.phase({ at: "waiting", until: 0, attempt: 1 });
    asked = [];
    voice.ready(null);
    voice.phase({ at: "ready", since: 0 });
    voice.event({ t: "voice_offer", d: offer(1) });
    await settle();
    listener.media(1, "connected");
    expect(voice.call()).toMatchObject({ at: "connected", channelId: "20" });
    expect(asked).not.toContain("open");
  });

  test("that is interrupted has it looked whether the server is still reached", async () => {
    const voice = await inCall();
    asked = [];
    listener.doubtful();
    expect(asked).toEqual(["wake"]);
    expect(voice.call().at).toBe("connected");
    listener.media(1, "interrupted");
    expect(voice.call().at).toBe("reconnecting");
    listener.media(1, "connected");
    listener.networkChanged();
    expect(asked).toEqual(["wake", "wake", "wake"]);
  });

  test("in a program without media is left, and says why", async () => {
    broken = true;
    const voice = make();
    voice.ready(null);
    voice.join("20");
    await settle();
    expect(ops()).toEqual(["voice_join", "voice_leave"]);
    expect(voice.call()).toMatchObject({ at: "ended", reason: "unusable" });
  });

  test("that a page before this one had goes on: it is measured, who is carried is known, and what is new is heard", async () => {
    const voice = make();
    voice.adopt("20", 7);
    const looked = voice.look();
    await settle();
    for (const user_id of ["1", "2"]) apply(state, { t: "voice_state_update", d: { user_id, channel_id: "20", state: { user_id, channel_id: "20", self_mute: false, self_deaf: false, shares: [] } } }, 0);
    voice.ready(7);
    voice.event({ t: "voice_tracks", d: { tracks: [] } });
    await settle();
    expect(voice.call()).toMatchObject({ at: "connected", connection: 7 });
    expect(asked).toContain("adopt 7");
    expect(measured).toBe(1);
    expect(asked).toContain("tracks …");
    expect(asked.filter((one) => one.startsWith("cue")), "nobody comes or goes").toEqual([]);
    expect(sent.at(-1)).toEqual({ op: "voice_stats", d: { on: true } });
    looked();
  });

  test("left before its media was there opens none", async () => {
    const voice = make();
    voice.ready(null);
    voice.join("20");
    voice.leave();
    await settle();
    expect(asked).not.toContain("open");
    expect(voice.call()).toEqual({ at: "idle" });
  });
});

describe("mute and deafness", () => {
  test("are told to the server and to media at once, and kept", async () => {
    const voice = await inCall();
    asked = [];
    voice.setMuted(true);
    expect(sent.at(-1)).toEqual({ op: "voice_self", d: { self_mute: true, self_deaf: false } });
    expect(asked).toContain("muted true");
    expect(make().muted()).toBe(true);
  });

  test("who is deaf is mute, and is as before afterwards", async () => {
    const voice = await inCall();
    voice.setDeafened(true);
    expect(sent.at(-1)).toEqual({ op: "voice_self", d: { self_mute: true, self_deaf: true } });
    voice.setDeafened(false);
    expect(sent.at(-1)).toEqual({ op: "voice_self", d: { self_mute: false, self_deaf: false } });
  });

  test("who unmutes while deaf hears again", async () => {
    const voice = await inCall();
    voice.setDeafened(true);
    voice.setMuted(false);
    expect(sent.at(-1)).toEqual({ op: "voice_self", d: { self_mute: false, self_deaf: false } });
  });

  test("reach the call, whichever account they were set with", async () => {
    const shelves = accountShelves(memoryShelf());
    shelf = shelves("a");
    await inCall();
    const [, set] = createPreferences(shelves("b"));
    asked = [];
    set("voice", "muted", true);
    expect(asked).toContain("muted true");
    expect(sent.at(-1)).toEqual({ op: "voice_self", d: { self_mute: true, self_deaf: false } });
  });

  test("by a moderator stops what is sent, until it is taken back", async () => {
    const voice = await inCall();
    const change = (muted: boolean): void => {
      const event = { t: "member_update", d: member("10", "1", [], { muted }) } as const;
      apply(state, event, 0);
      voice.event(event);
    };
    asked = [];
    change(true);
    expect(asked).toContain("muted true");
    asked = [];
    change(false);
    expect(asked).toContain("muted false");
  });
});

describe("volumes", () => {
  test("are remembered for each person, and given to the media of the next call", async () => {
    const voice = make();
    voice.setVolume("2", { volume: 1.4 });
    const next = await inCall();
    expect(next.volumeOf("2")).toEqual({ volume: 1.4, muted: false });
    expect(asked).toContain("volume 2 1.4");
  });

  test("stay within 0 and 200 %, and somebody muted here keeps theirs", async () => {
    const voice = await inCall();
    voice.setVolume("2", { volume: 7 });
    expect(asked.at(-1)).toBe("volume 2 2");
    voice.setVolume("2", { muted: true });
    expect(asked.at(-1)).toBe("volume 2 0");
    voice.setVolume("2", { muted: false });
    expect(asked.at(-1)).toBe("volume 2 2");
  });
});

test("who comes and who goes is heard, in one's own channel only", async () => {
  const voice = await inCall();
  const place = (channel_id: string, here: boolean): void => {
    const event = { t: "voice_state_update", d: { user_id: "2", channel_id, state: here ? { user_id: "2", channel_id, self_mute: false, self_deaf: false, shares: [] } : null } } as const;
    apply(state, event, 0);
    voice.event(event);
  };
  asked = [];
  place("21", true);
  await settle();
  expect(asked).toEqual([]);
  place("20", true);
  place("20", false);
  await settle();
  expect(asked).toEqual(["cue join", "cue leave"]);
});

test("figures are asked for while somebody looks", async () => {
  const voice = await inCall();
  const [one, two] = [voice.look(), voice.look()];
  one();
  expect(sent.at(-1)).toEqual({ op: "voice_stats", d: { on: true } });
  two();
  expect(sent.at(-1)).toEqual({ op: "voice_stats", d: { on: false } });
});

test("a call that is gone needs no second close", async () => {
  const voice = await inCall();
  voice.event({ t: "voice_ended", d: { channel_id: "20", reason: "taken_over" } });
  expect(voice.call()).toEqual({ at: "ended", channelId: "20", reason: "taken_over" });
  expect(voice.channel()).toBeNull();
  voice.stop();
  expect(voice.call()).toEqual({ at: "idle" });
});
