import type { Socket, SocketListener } from "./socket";
import type { World } from "./world";
import { insist } from "./insist";
import { originLock } from "./lock";
import { browserNotices } from "./notify";
import { browserShelf } from "./storage";
import { steadyTimer } from "./timer";

/** The world as a browser has it. */
export function browserWorld(): World {
  return {
    fetch: (input, init) => fetch(input, init),
    openSocket,
    origin: () => location.origin,
    image: (hash) => `/api/v1/images/${hash}`,
    shelf: browserShelf(),
    lock: originLock,
    timer: steadyTimer(),
    now: Date.now,
    random: Math.random,
    voice: async () => (await insist(() => import("./voice/browser/engine"))).engine,
    notices: browserNotices(),
  };
}

function openSocket(listener: SocketListener): Socket {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`);
  // After it was let go it may still speak.
  let listening = true;
  socket.onmessage = (message: MessageEvent<string>) => listening && listener.message(message.data);
  socket.onclose = (event) => listening && listener.closed(event.code, event.reason);
  return {
    send: (text) => void (socket.readyState === WebSocket.OPEN && socket.send(text)),
    close: () => {
      listening = false;
      socket.close();
    },
  };
}
