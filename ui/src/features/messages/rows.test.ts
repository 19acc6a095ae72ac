import { expect, test } from "vitest";
import type { Message } from "../../protocol/generated";
import type { Outgoing } from "../../state/outbox";
import { message } from "../../testing/samples";
import { buildRows, EMPTY, GROUP_MS, nonceOf, type RowsInput } from "./rows";

const EPOCH = 1_735_689_600_000;
const NOON = new Date(2026, 10, 20, 12).getTime();
const idAt = (at: number): string => String(BigInt(at - EPOCH) << 22n);
const written = (at: number, author = "2", change: Partial<Message> = {}): Message => message("11", idAt(at), author, change);
const waiting = (nonce: string, queuedAt: number): Outgoing => ({ nonce, channelId: "11", content: "x", replyTo: null, queuedAt, status: { at: "queued" } });

function input(messages: Message[], change: Partial<RowsInput> = {}): RowsInput {
  return { ids: messages.map((one) => one.id), messages: Object.fromEntries(messages.map((one) => [one.id, one])), outgoing: [], present: true, readUpTo: null, me: "1", ...change };
}
const rows = (messages: Message[], change: Partial<RowsInput> = {}) => [...buildRows(input(messages, change), EMPTY).of.values()];

test("messages of one author are one group until somebody else writes, time passes, or one is an answer", () => {
  const answer = { message_id: "5", author_id: "3", excerpt: "" };
  expect(
    rows([written(NOON), written(NOON + 1), written(NOON + 2, "3"), written(NOON + 3, "3", { reply_to: answer }), written(NOON + 4 + GROUP_MS, "3")]).map((row) => row.head),
  ).toEqual([true, false, true, true, true]);
});

test("a day begins at midnight where one is", () => {
  const midnight = new Date(2026, 10, 21).getTime();
  expect(rows([written(midnight - 500), written(midnight + 400), written(midnight + 500)]).map((row) => row.day)).toEqual([true, true, false]);
});

test("the first new message of somebody else is marked, one's own are not new", () => {
  const messages = [written(NOON), written(NOON + 1, "1"), written(NOON + 2), written(NOON + 3)];
  const result = buildRows(input(messages, { readUpTo: idAt(NOON) }), EMPTY);
  expect(result.fresh).toBe(idAt(NOON + 2));
  expect([...result.of.values()].map((row) => row.fresh)).toEqual([false, false, true, false]);
});

test("what is on its way comes last, unless it is there already or the list ends in the past", () => {
  const messages = [written(NOON, "1", { nonce: "a" })];
  const outgoing = [waiting("a", NOON), waiting("b", NOON + 1)];
  expect(buildRows(input(messages, { outgoing }), EMPTY).keys).toEqual([idAt(NOON), "+b"]);
  expect(buildRows(input(messages, { outgoing, present: false }), EMPTY).keys).toEqual([idAt(NOON)]);
  expect(nonceOf("+b")).toBe("b");
  expect(nonceOf("123")).toBeNull();
});

test("the place is kept from the end exactly when messages came in front", () => {
  const old = written(NOON - 1);
  const middle = [written(NOON), written(NOON + 1)];
  const before = buildRows(input(middle), EMPTY);
  expect(before.shift).toBe(false);
  expect(buildRows(input([old, ...middle]), before).shift).toBe(true);
  expect(buildRows(input([...middle, written(NOON + 2)]), before).shift).toBe(false);
  expect(buildRows(input(middle.slice(1)), before).shift).toBe(false);
});

test("ten thousand messages are arranged in a moment", () => {
  const many = Array.from({ length: 10_000 }, (_, i) => written(NOON + i * 1_500, String(2 + (i % 3))));
  const given = input(many);
  const start = performance.now();
  buildRows(given, EMPTY);
  expect(performance.now() - start).toBeLessThan(150);
});
