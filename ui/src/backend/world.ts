import type { Lock } from "./lock";
import type { Shelf } from "./storage";
import type { Timer } from "./timer";
import type { VoiceEngine } from "./voice/engine";

/** What the app needs of the world; tests bring their own. */
export interface World {
  fetch: typeof fetch;
  openSocket(): WebSocket;
  shelf: Shelf;
  lock: Lock;
  timer: Timer;
  now(): number;
  random(): number;
  /** What carries voice: fetched when it is first wanted. */
  voice(): Promise<VoiceEngine>;
}
