import { beforeEach, expect, test, vi } from "vitest";
import type { LoggedIn } from "../protocol/generated";
import { account } from "../testing/samples";
import { tabLock } from "./lock";
import { Refusal } from "./refusal";
import { memoryShelf, type Shelf } from "./storage";
import { Tokens } from "./tokens";

const loggedIn = (access_token: string, access_expires_at: number): LoggedIn => ({
  tokens: { access_token, access_expires_at, refresh_token: null, session_id: "5" },
  account: account("1"),
  space_id: null,
});

let shelf: Shelf;
let now: number;
let attempts: string[];
let answers: (LoggedIn | Refusal)[];
const open = (): Tokens =>
  new Tokens({
    refresh: async (attempt) => {
      attempts.push(attempt);
      const answer = answers.shift()!;
      if (answer instanceof Refusal) throw answer;
      return answer;
    },
    lock: tabLock,
    shelf,
    now: () => now,
  });

beforeEach(() => {
  shelf = memoryShelf();
  now = 0;
  attempts = [];
  answers = [];
});

test("a token is used until shortly before it ends", async () => {
  const tokens = open();
  tokens.accept(loggedIn("one", 100_000));
  expect(await tokens.access()).toBe("one");
  now = 90_000;
  answers = [loggedIn("two", 200_000)];
  expect(await tokens.access()).toBe("two");
});

test("a token that was refused is renewed, once for all who ask", async () => {
  const tokens = open();
  tokens.accept(loggedIn("one", 100_000));
  answers = [loggedIn("two", 200_000)];
  expect(await Promise.all([tokens.access("one"), tokens.access("one")])).toEqual(["two", "two"]);
  expect(await tokens.access("one")).toBe("two");
  expect(attempts).toHaveLength(1);
});

test("an attempt whose answer was lost is repeated with its mark, even after a reload", async () => {
  answers = [Refusal.offline(), loggedIn("two", 200_000), loggedIn("three", 400_000)];
  await expect(open().access()).rejects.toThrow("cannot be reached");
  const tokens = open();
  await tokens.access();
  expect(attempts[1]).toBe(attempts[0]);
  now = 200_000;
  await tokens.access();
  expect(attempts[2]).not.toBe(attempts[0]);
});

test.each(["session_ended", "suspended"] as const)("the log-in is over when a refresh ends in %s", async (code) => {
  const tokens = open();
  const ended = vi.fn();
  tokens.onEnded = ended;
  answers = [new Refusal(code, "It is over.")];
  await expect(tokens.access()).rejects.toThrow("It is over.");
  expect(ended).toHaveBeenCalledOnce();
});

test("the log-in survives a server that is not there", async () => {
  const tokens = open();
  const ended = vi.fn();
  tokens.onEnded = ended;
  answers = [new Refusal("unavailable", "Starting.")];
  await expect(tokens.access()).rejects.toThrow("Starting.");
  expect(ended).not.toHaveBeenCalled();
});
