import { describe, expect, test } from "vitest";
import type { PeerStats } from "../../protocol/generated";
import { bitrate, judge, percent, shortly } from "./quality";

const stats = (change: Partial<PeerStats> = {}): PeerStats => ({ user_id: "1", rtt_ms: 20, loss_up_permille: 0, loss_down_permille: 0, jitter_ms: 3, up_bps: 64_000, down_bps: 64_000, path: "udp", ...change });

describe("a connection", () => {
  test("without loss, delay or jitter is good, and needs no cause", () => {
    expect(judge(stats(), false)).toEqual({ grade: "good", cause: null });
  });

  test.each<[Partial<PeerStats>, string, RegExp]>([
    [{ loss_up_permille: 30 }, "fair", /they say is lost/],
    [{ loss_down_permille: 100 }, "bad", /sent to them is lost/],
    [{ rtt_ms: 350 }, "bad", /way .* is long/],
    [{ jitter_ms: 45 }, "fair", /unevenly/],
    [{ path: "tcp" }, "fair", /blocks UDP/],
  ])("with %o is %s, with the cause in words", (change, grade, cause) => {
    const found = judge(stats(change), false);
    expect(found.grade).toBe(grade);
    expect(found.cause).toMatch(cause);
  });

  test("is named after its worst side", () => {
    expect(judge(stats({ path: "tcp", loss_up_permille: 200 }), true)).toMatchObject({ grade: "bad", cause: expect.stringContaining("you say") as string });
  });

  test("that is not there yet is not judged", () => {
    expect(judge(stats({ path: "none", rtt_ms: null }), false).grade).toBe("unknown");
  });
});

test("figures are short", () => {
  expect(shortly(18, 0)).toBe("18 ms, no loss");
  expect(shortly(null, 0.031)).toBe("3 % lost");
  expect(percent(35)).toBe("3.5 %");
  expect([bitrate(0), bitrate(300), bitrate(64_400)]).toEqual(["0 kb/s", "1 kb/s", "64 kb/s"]);
});
