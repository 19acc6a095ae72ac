import { createStore } from "solid-js/store";
import { expect, test } from "vitest";
import { Refusal } from "../backend/refusal";
import { fakeClock } from "../testing/clock";
import { message, sampleState } from "../testing/samples";
import { emptyHistory, type State } from "./model";
import { Reads } from "./reads";

function start() {
  const begin = sampleState();
  const mention = { users: ["1"], roles: [], everyone: false };
  begin.histories["11"] = { ...emptyHistory(), ids: ["100", "101", "102"], messages: { 100: message("11", "100"), 101: message("11", "101", "2", { mentions: mention }), 102: message("11", "102", "1") } };
  begin.readStates["11"] = { channel_id: "11", last_read_id: "99", unread: 2, mentions: 1 };
  const [state, set] = createStore<State>(begin);
  const clock = fakeClock();
  const told: string[] = [];
  const fail: Refusal[] = [];
  const markRead = async (id: string, body: { message_id: string }) => {
    const refusal = fail.shift();
    if (refusal) throw refusal;
    told.push(`${id}:${body.message_id}`);
    return state.readStates[id]!;
  };
  return { state, clock, told, fail, reads: new Reads({ markRead, state, set, timer: clock.timer }) };
}

test("what is seen is read here at once, and told soon, the last only", async () => {
  const it = start();
  it.reads.seen("11", "101");
  it.reads.seen("11", "102");
  expect(it.state.readStates["11"]).toEqual({ channel_id: "11", last_read_id: "102", unread: 0, mentions: 0 });
  await it.clock.advance(500);
  expect(it.told).toEqual(["11:102"]);
});

test("nothing is told twice", async () => {
  const it = start();
  it.reads.seen("11", "102");
  await it.clock.advance(500);
  it.reads.seen("11", "102");
  await it.clock.advance(500);
  expect(it.told).toHaveLength(1);
});

test("what could not be told is told when the connection is back", async () => {
  const it = start();
  it.fail.push(Refusal.offline());
  it.reads.seen("11", "102");
  await it.clock.advance(500);
  expect(it.told).toEqual([]);
  it.reads.flush();
  await it.clock.advance(0);
  expect(it.told).toEqual(["11:102"]);
});

test("a message marked unread stays so, with what comes after it, until one leaves", async () => {
  const it = start();
  it.reads.markUnread("11", "101");
  it.reads.seen("11", "102");
  expect(it.state.readStates["11"]).toEqual({ channel_id: "11", last_read_id: "100", unread: 1, mentions: 1 });
  await it.clock.advance(500);
  expect(it.told).toEqual(["11:100"]);
  it.reads.release("11");
  it.reads.seen("11", "102");
  expect(it.state.readStates["11"]?.unread).toBe(0);
});
