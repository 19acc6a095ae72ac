import { createRoot } from "solid-js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AdminUser, AdminUsers } from "../../protocol/generated";
import { createPeople } from "./people";

type Query = { q?: string; state?: string; after?: string; limit?: number };

const user = (id: number): AdminUser => ({ user: { id: String(id), username: `u${id}`, display_name: `U${id}`, avatar: null, bio: "" }, state: "active", admin: false, owner: false, knock: null, created_at: 0, last_seen_at: null });

/** A server with so many accounts. Counting asks for one; those questions are not kept. */
function server(many: number) {
  const asked: Query[] = [];
  const users = vi.fn(async (query: Query): Promise<AdminUsers> => {
    if (query.limit !== 1) asked.push(query);
    const all = Array.from({ length: many }, (_, at) => user(at + 1)).filter((one) => one.user.username.includes(query.q ?? ""));
    const from = query.after === undefined ? 0 : all.findIndex((one) => one.user.id === query.after) + 1;
    return { users: all.slice(from, from + (query.limit ?? 50)), total: all.length };
  });
  return { asked, people: createRoot(() => createPeople({ users })) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = () => vi.advanceTimersByTimeAsync(1000);

test("pages follow one another until all are there", async () => {
  const { people } = server(120);
  await settle();
  expect([people.users()?.length, people.left()]).toEqual([50, 70]);
  people.more();
  await settle();
  people.more();
  await settle();
  expect([people.users()?.length, people.left()]).toEqual([120, 0]);
});

test("typing asks once, for the last text", async () => {
  const { people, asked } = server(20);
  await settle();
  for (const text of ["u", "u1", "u12"]) people.search(text);
  await settle();
  expect(asked.map((query) => query.q)).toEqual([undefined, "u12"]);
});

test("an answer that comes late does not replace a newer one", async () => {
  let answerLate!: (page: AdminUsers) => void;
  const late = new Promise<AdminUsers>((resolve) => (answerLate = resolve));
  const answers = [late, Promise.resolve({ users: [user(7)], total: 1 })];
  const people = createRoot(() => createPeople({ users: (query: Query) => (query.limit === 1 ? Promise.resolve({ users: [], total: 0 }) : answers.shift()!) }));
  people.show("suspended");
  await settle();
  answerLate({ users: [user(1), user(2)], total: 2 });
  await settle();
  expect(people.users()?.map((one) => one.user.id)).toEqual(["7"]);
});

test("who is deleted is gone from the list", async () => {
  const { people } = server(3);
  await settle();
  people.gone("2");
  expect(people.users()?.map((one) => one.user.id)).toEqual(["1", "3"]);
});
