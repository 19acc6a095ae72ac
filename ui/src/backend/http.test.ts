import { expect, test, vi } from "vitest";
import { Http } from "./http";
import { Refusal } from "./refusal";

function start(...answers: (Response | Error)[]) {
  const fetch = vi.fn(async (_url: RequestInfo | URL, _init?: RequestInit): Promise<Response> => {
    const answer = answers.shift()!;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const access = vi.fn(async (refused?: string) => (refused === undefined ? "old" : "new"));
  return { http: new Http({ base: "/api/v1", fetch, access }), fetch, access };
}

const json = (status: number, body: unknown, headers = {}): Response => new Response(JSON.stringify(body), { status, headers });
const tokenOf = (call: Parameters<typeof fetch>): string => new Headers(call[1]?.headers).get("Authorization") ?? "";

test("a request carries the token, its query and its body", async () => {
  const { http, fetch } = start(json(200, { a: 1 }));
  expect(await http.ask("POST", "/x", { query: { limit: 5, before: undefined }, body: { b: 2 } })).toEqual({ a: 1 });
  const [url, init] = fetch.mock.calls[0]!;
  expect(url).toBe("/api/v1/x?limit=5");
  expect(init?.body).toBe('{"b":2}');
  expect(tokenOf(fetch.mock.calls[0]!)).toBe("Bearer old");
});

test("a token that ran out is renewed and the request repeated", async () => {
  const { http, fetch } = start(json(401, { code: "unauthorized", message: "Expired." }), json(200, 7));
  expect(await http.ask("GET", "/x")).toBe(7);
  expect(fetch.mock.calls.map(tokenOf)).toEqual(["Bearer old", "Bearer new"]);
});

test("a wrong password is not taken for a token that ran out", async () => {
  const { http, fetch } = start(json(401, { code: "wrong_password", message: "Wrong." }));
  await expect(http.ask("POST", "/x")).rejects.toMatchObject({ code: "wrong_password" });
  expect(fetch).toHaveBeenCalledOnce();
});

test("an empty answer is nothing", async () => {
  expect(await start(new Response(null, { status: 204 })).http.ask("DELETE", "/x")).toBeUndefined();
});

test("a refusal says what, why, what helps, and how long to wait", async () => {
  const { http } = start(json(429, { code: "slow_mode", message: "Slow.", hint: "Wait.", field: "content" }, { "Retry-After": "3" }));
  await expect(http.ask("GET", "/x", { anyone: true })).rejects.toMatchObject({ code: "slow_mode", message: "Slow.", hint: "Wait.", field: "content", retryAfterMs: 3000 });
});

test.each([
  ["no connection", new TypeError("fetch failed"), "offline"],
  ["a proxy without a server", new Response("<html>", { status: 502 }), "unavailable"],
  ["an answer that makes no sense", new Response("?", { status: 418 }), "internal"],
])("%s is a refusal too", async (_, answer, code) => {
  const thrown = await start(answer).http.ask("GET", "/x", { anyone: true }).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Refusal);
  expect(thrown).toMatchObject({ code });
});
