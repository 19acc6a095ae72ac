import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tabLock } from "../backend/lock";
import { Refusal } from "../backend/refusal";
import { memoryShelf, type Shelf } from "../backend/storage";
import type { Message, SendMessage } from "../protocol/generated";
import { fakeClock, settle } from "../testing/clock";
import { message } from "../testing/samples";
import { Outbox } from "./outbox";

/** A server that keeps one message per nonce, and fails as it is told. */
function fakeServer() {
  const server = {
    posted: [] as Message[],
    requests: 0,
    /** What the next requests end with: an answer, a refusal before or after the message was kept. */
    next: [] as ("ok" | "lost answer" | Refusal)[],
    send: async (channelId: string, body: SendMessage): Promise<Message> => {
      server.requests += 1;
      const outcome = server.next.shift() ?? "ok";
      await Promise.resolve();
      if (outcome instanceof Refusal) throw outcome;
      let there = server.posted.find((one) => one.nonce === body.nonce);
      if (!there) {
        there = message(channelId, String(server.posted.length + 1), "1", { content: body.content, nonce: body.nonce ?? null });
        server.posted.push(there);
      }
      if (outcome === "lost answer") throw Refusal.offline();
      return there;
    },
  };
  return server;
}

function start(shelf: Shelf = memoryShelf(), server = fakeServer(), clock = fakeClock()) {
  const sent: Message[] = [];
  const open = () => new Outbox({ userId: "1", send: server.send, sent: (one) => void sent.push(one), shelf, lock: tabLock, timer: clock.timer, now: clock.now });
  return { shelf, server, clock, sent, open, outbox: open() };
}

const texts = (messages: readonly { content: string }[]): string[] => messages.map((one) => one.content);

describe("the outbox", () => {
  test("sends what was queued without a connection, once it is there, in order", async () => {
    const { outbox, server, clock } = start();
    outbox.add("11", "one", null);
    outbox.add("11", "two", "5");
    await clock.advance(60_000);
    expect(server.requests).toBe(0);
    outbox.connected(true);
    await settle();
    expect(texts(server.posted)).toEqual(["one", "two"]);
    expect(outbox.entries).toEqual([]);
  });

  test("posts a queued message once after a reload, though the answer to the first attempt was lost", async () => {
    const it = start();
    it.server.next = ["lost answer"];
    it.outbox.connected(true);
    it.outbox.add("11", "hello", null);
    await settle();
    expect(it.outbox.entries[0]?.status.at).toBe("held");
    it.outbox.dispose();
    const reloaded = it.open();
    expect(texts(reloaded.entries)).toEqual(["hello"]);
    reloaded.connected(true);
    await settle();
    expect(texts(it.server.posted)).toEqual(["hello"]);
    expect(it.shelf.keys()).toEqual([]);
  });

  test("takes the gateway's word that a message is there", async () => {
    const { outbox, shelf } = start();
    const nonce = outbox.add("11", "hello", null);
    outbox.acknowledge(nonce);
    expect(outbox.entries).toEqual([]);
    expect(shelf.keys()).toEqual([]);
  });

  test("keeps a refused message with the reason, and lets the next one pass", async () => {
    const { outbox, server } = start();
    server.next = [new Refusal("forbidden", "You may not write here.", "Ask a moderator.")];
    outbox.connected(true);
    outbox.add("11", "one", null);
    outbox.add("11", "two", null);
    await settle();
    expect(outbox.entries.map((one) => one.status)).toEqual([{ at: "failed", message: "You may not write here.", hint: "Ask a moderator." }]);
    expect(texts(server.posted)).toEqual(["two"]);
    outbox.retry(outbox.entries[0]!.nonce);
    await settle();
    expect(texts(server.posted)).toEqual(["two", "one"]);
  });

  test("remembers a refusal over a reload and forgets what is discarded", async () => {
    const it = start();
    it.server.next = [new Refusal("forbidden", "No.")];
    it.outbox.connected(true);
    it.outbox.add("11", "one", null);
    await settle();
    it.outbox.dispose();
    const reloaded = it.open();
    reloaded.connected(true);
    await settle();
    expect(it.server.requests).toBe(1);
    expect(reloaded.entries[0]?.status.at).toBe("failed");
    reloaded.discard(reloaded.entries[0]!.nonce);
    expect(it.open().entries).toEqual([]);
  });

  test("waits as long as slow mode asks, while other channels go on", async () => {
    const { outbox, server, clock } = start();
    server.next = [new Refusal("slow_mode", "Slow.", undefined, undefined, 5_000)];
    outbox.connected(true);
    outbox.add("11", "slow", null);
    outbox.add("11", "slower", null);
    outbox.add("22", "other", null);
    await settle();
    expect(texts(server.posted)).toEqual(["other"]);
    await clock.advance(4_900);
    expect(texts(server.posted)).toEqual(["other"]);
    await clock.advance(200);
    expect(texts(server.posted)).toEqual(["other", "slow", "slower"]);
  });

  test("tries again at once when the connection is back", async () => {
    const { outbox, server } = start();
    server.next = [Refusal.offline()];
    outbox.connected(true);
    outbox.add("11", "one", null);
    await settle();
    outbox.connected(false);
    outbox.connected(true);
    await settle();
    expect(texts(server.posted)).toEqual(["one"]);
  });

  test("forgets a message that had arrived and was deleted since", async () => {
    const { outbox, server, shelf } = start();
    server.next = [new Refusal("conflict", "This message was sent before, and has been deleted since.", undefined, "nonce")];
    outbox.connected(true);
    outbox.add("11", "gone", null);
    await settle();
    expect(outbox.entries).toEqual([]);
    expect(shelf.keys()).toEqual([]);
  });

  test("gives up on a message the server chokes on, and goes on with the next", async () => {
    const { outbox, server, clock } = start();
    server.next = Array.from({ length: 3 }, () => new Refusal("internal", "A fault."));
    outbox.connected(true);
    outbox.add("11", "poison", null);
    outbox.add("11", "fine", null);
    await clock.advance(60_000);
    expect(texts(server.posted)).toEqual(["fine"]);
    expect(outbox.entries[0]?.status.at).toBe("failed");
  });

  test("shares its queue with other tabs", async () => {
    let changed: (key: string) => void = () => undefined;
    const shelf: Shelf = { ...memoryShelf(), watch: (call) => ((changed = call), () => undefined) };
    const it = start(shelf);
    it.outbox.connected(true);
    const other = new Outbox({ userId: "1", send: it.server.send, sent: () => undefined, shelf: { ...shelf, watch: () => () => undefined }, lock: tabLock, timer: it.clock.timer, now: it.clock.now });
    other.add("11", "from the other tab", null);
    changed(shelf.keys()[0]!);
    await settle();
    expect(texts(it.server.posted)).toEqual(["from the other tab"]);
  });

  test("ignores what it cannot read", () => {
    const shelf = memoryShelf();
    shelf.set("snug.outbox.1.a", "{not json");
    shelf.set("snug.outbox.1.b", JSON.stringify({ nonce: 5 }));
    expect(start(shelf).outbox.entries).toEqual([]);
  });
});

test("whatever fails in between, every message is posted exactly once and in the order of its channel", async () => {
  const outcome = fc.constantFrom("ok" as const, "lost answer" as const, Refusal.offline(), new Refusal("rate_limited", "Slow down.", undefined, undefined, 700));
  const step = fc.oneof(
    fc.record({ do: fc.constant("add" as const), channel: fc.constantFrom("11", "22") }),
    fc.record({ do: fc.constantFrom("connect" as const, "lose" as const, "reload" as const) }),
    fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 3_000 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.array(outcome, { maxLength: 30 }), async (steps, outcomes) => {
      const it = start();
      it.server.next = [...outcomes];
      let outbox = it.outbox;
      const wanted: Record<string, string[]> = { 11: [], 22: [] };
      for (const one of steps) {
        if (one.do === "add") {
          const text = `${one.channel}:${wanted[one.channel]!.length}`;
          wanted[one.channel]!.push(text);
          outbox.add(one.channel, text, null);
        } else if (one.do === "connect") outbox.connected(true);
        else if (one.do === "lose") outbox.connected(false);
        else if (one.do === "pass") await it.clock.advance(one.ms);
        else {
          outbox.dispose();
          outbox = it.open();
        }
      }
      outbox.connected(true);
      await it.clock.advance(600_000);
      for (const [channelId, expected] of Object.entries(wanted)) {
        expect(texts(it.server.posted.filter((one) => one.channel_id === channelId))).toEqual(expected);
      }
      expect(outbox.entries).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
