import { beforeEach, describe, expect, test } from "vitest";
import { tabLock } from "../backend/lock";
import type { SocketListener } from "../backend/socket";
import { memoryShelf, type Shelf } from "../backend/storage";
import { CLOSE, VERSION } from "../protocol/constants";
import type { Ready, ServerFrame } from "../protocol/generated";
import { fakeClock, settle } from "../testing/clock";
import { noNotices } from "../testing/notices";
import { account, message, page, ready } from "../testing/samples";
import { createSnug, type Snug } from "./snug";

/** A socket that a test speaks through. */
class FakeSocket {
  static open: FakeSocket[] = [];
  sent: string[] = [];
  #open = true;
  constructor(private readonly listener: SocketListener) {
    FakeSocket.open.push(this);
  }
  send(text: string): void {
    this.sent.push((JSON.parse(text) as { op: string }).op);
  }
  close(): void {
    this.#open = false;
  }
  say(frame: ServerFrame): void {
    if (this.#open) this.listener.message(JSON.stringify(frame));
  }
  end(code: number, reason = ""): void {
    if (this.#open) this.listener.closed(code, reason);
    this.#open = false;
  }
}

let shelf: Shelf;
let clock: ReturnType<typeof fakeClock>;
/** What each path answers; a missing one is a server that cannot be reached. */
let answers: Record<string, unknown>;
let asked: string[];

const loggedIn = { tokens: { access_token: "t", access_expires_at: 9e15, refresh_token: null, session_id: "900" }, account: account("1"), space_id: null };

beforeEach(() => {
  FakeSocket.open = [];
  shelf = memoryShelf();
  clock = fakeClock();
  asked = [];
  answers = { "POST /auth/refresh": loggedIn };
});

function open(): Snug {
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const path = `${init?.method} ${String(input).replace("/api/v1", "").replace(/\?.*/, "")}`;
    asked.push(path);
    if (!(path in answers)) throw new TypeError("unreachable");
    const answer = answers[path];
    return answer instanceof Response ? answer : new Response(JSON.stringify(answer));
  };
  return createSnug({ fetch, openSocket: (listener) => new FakeSocket(listener), origin: () => "https://snug.test", image: (hash) => `/api/v1/images/${hash}`, shelf, lock: tabLock, timer: clock.timer, now: clock.now, random: () => 0.5, voice: () => Promise.reject(new Error("no voice in this test")), notices: noNotices });
}

const last = (): FakeSocket => FakeSocket.open.at(-1)!;

async function greet(change: Partial<Ready> = {}, instance = "a"): Promise<void> {
  await settle();
  last().say({ op: "hello", d: { version: VERSION, instance, heartbeat_interval_ms: 30_000 } });
  last().say({ op: "ready", d: ready(change) });
  await settle();
}

async function inside(): Promise<Snug> {
  shelf.set("snug.user", "1");
  const snug = open();
  await greet();
  return snug;
}

describe("the app without its face", () => {
  test("nobody is asked for anything where nobody is logged in", async () => {
    const snug = open();
    await settle();
    expect(snug.session()).toEqual({ at: "out", note: null });
    expect(asked).toEqual([]);
  });

  test("a reload goes on as whoever was there", async () => {
    const snug = await inside();
    expect(snug.state.account?.id).toBe("1");
    expect(snug.state.spaceIds).toEqual(["10"]);
    expect(snug.phase().at).toBe("ready");
  });

  test("a revoked log-in leads out, says why, and forgets what was seen", async () => {
    const snug = await inside();
    last().end(CLOSE.revoked, "You were suspended.");
    expect(snug.session()).toEqual({ at: "out", note: { kind: "logged_out", message: "You were suspended.", hint: "Log in again." } });
    expect(snug.state.spaces).toEqual({});
    expect(shelf.get("snug.user")).toBeNull();
  });

  test("a server that is away is waited for, and the log-in stays", async () => {
    answers = {};
    shelf.set("snug.user", "1");
    const snug = open();
    await settle();
    expect(snug.phase().at).toBe("waiting");
    expect(snug.session().at).toBe("in");
    answers = { "POST /auth/refresh": loggedIn };
    await clock.advance(2_000);
    await greet();
    expect(snug.state.loaded).toBe(true);
  });

  test("after a restart of the server the open channel is asked for anew, the others are forgotten", async () => {
    const snug = await inside();
    answers["GET /channels/11/messages"] = page([message("11", "100")]);
    snug.histories.open("11");
    await settle();
    last().end(CLOSE.goingAway);
    await clock.advance(2_000);
    await greet({}, "b");
    expect(snug.state.histories["11"]).toMatchObject({ ids: ["100"], stale: true });
    snug.histories.close("11");
    last().end(CLOSE.goingAway);
    await clock.advance(2_000);
    await greet({}, "c");
    expect(snug.state.histories).toEqual({});
  });

  test("what the gateway tells of is here, and an own message leaves the outbox", async () => {
    const snug = await inside();
    answers["GET /channels/11/messages"] = page([]);
    snug.histories.open("11");
    await settle();
    const nonce = snug.outbox.add("11", "hello", null);
    last().say({ op: "dispatch", s: 1, t: "message_create", d: message("11", "100", "1", { nonce, content: "hello" }) });
    expect(snug.state.histories["11"]?.ids).toEqual(["100"]);
    expect(snug.outbox.entries).toEqual([]);
  });

  test("logging out forgets drafts and what waits to be sent", async () => {
    const snug = await inside();
    answers["POST /auth/logout"] = null;
    snug.drafts.setDraft("11", { text: "secret" });
    last().end(1006);
    snug.outbox.add("11", "unsent", null);
    await snug.logOut();
    expect(shelf.keys().filter((key) => /draft|outbox|user/.test(key))).toEqual([]);
    expect(snug.session()).toEqual({ at: "out", note: null });
  });

  test("being revoked keeps them for the next log-in", async () => {
    const snug = await inside();
    snug.drafts.setDraft("11", { text: "half a thought" });
    last().end(CLOSE.revoked);
    snug.welcome(loggedIn);
    await greet();
    expect(snug.drafts.draft("11").text).toBe("half a thought");
  });
});
