import type { World } from "./world";
import { insist } from "./insist";
import { originLock } from "./lock";
import { browserShelf } from "./storage";
import { steadyTimer } from "./timer";

/** The world as a browser has it. */
export function browserWorld(): World {
  return {
    fetch: (input, init) => fetch(input, init),
    openSocket: () => new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`),
    shelf: browserShelf(),
    lock: originLock,
    timer: steadyTimer(),
    now: Date.now,
    random: Math.random,
    voice: async () => (await insist(() => import("./voice/browser/engine"))).engine,
  };
}
