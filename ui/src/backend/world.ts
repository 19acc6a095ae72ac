import type { Lock } from "./lock";
import type { ImageHash } from "../protocol/generated";
import type { Notices } from "./notices";
import type { Shelf } from "./storage";
import type { Socket, SocketListener } from "./socket";
import type { Timer } from "./timer";
import type { VoiceEngine } from "./voice/engine";

/** What the app needs of the world; tests bring their own. */
export interface World {
  fetch: typeof fetch;
  openSocket(listener: SocketListener): Socket;
  /** Where the server is, for links that are given to others: `https://snug.example`. */
  origin(): string;
  /** Where a picture of the server is. */
  image(hash: ImageHash): string;
  shelf: Shelf;
  lock: Lock;
  timer: Timer;
  now(): number;
  random(): number;
  /** What carries voice: fetched when it is first wanted. */
  voice(): Promise<VoiceEngine>;
  /** Who tells of messages that nobody looks at. */
  notices: Notices;
}
