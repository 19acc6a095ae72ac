import type { Entry, IpcError } from "../../protocol/desktop";
import { tabLock } from "../lock";
import type { Socket, SocketListener } from "../socket";
import { browserShelf } from "../storage";
import { steadyTimer } from "../timer";
import type { World } from "../world";
import { desktop, DesktopError } from "./ipc";
import { accountShelves } from "./shelves";
import { desktopNotices } from "./notices";

/** Hears whether the server was reached, or why not. */
export type Reached = (trouble: IpcError | null) => void;

const shelves = accountShelves(browserShelf());
/** One for all: each is a thread. */
const timer = steadyTimer();

/** The world as one account in the desktop app has it: the way to its server is the desktop's. */
export function desktopWorld(entry: Entry, voice: World["voice"], reached: Reached): World {
  return {
    fetch: async (input, init) => {
      try {
        const answer = await ask(entry.id, String(input), init ?? {});
        reached(null);
        return answer;
      } catch (thrown) {
        if (thrown instanceof DesktopError) reached(thrown.why);
        throw thrown;
      }
    },
    openSocket: (listener) => openSocket(entry.id, listener, reached),
    origin: () => entry.origin,
    image: (hash) => `picture://localhost/${entry.id}/${hash}`,
    shelf: shelves(entry.id),
    lock: (name, work) => tabLock(`${entry.id}.${name}`, work),
    timer,
    now: Date.now,
    random: Math.random,
    voice,
    notices: desktopNotices(entry.id, desktop.shell, () => void voice().then((engine) => engine.cue("message", null))),
  };
}

const BEARER = "Bearer ";

async function ask(id: string, path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  const authorization = headers.get("Authorization");
  const body = init.body === null || init.body === undefined ? new Uint8Array() : new Uint8Array(await new Response(init.body).arrayBuffer());
  const answer = await desktop.ask(id, {
    method: init.method ?? "GET",
    path,
    token: authorization?.startsWith(BEARER) ? authorization.slice(BEARER.length) : null,
    kind: headers.get("Content-Type"),
    body,
  });
  const empty = answer.status === 204 || answer.status === 304;
  return new Response(empty ? null : answer.body, { status: answer.status, headers: { "Content-Type": answer.kind } });
}

function openSocket(id: string, listener: SocketListener, reached: Reached): Socket {
  let listening = true;
  /** What is said before the desktop has named the socket waits for its name. */
  const socket = desktop.connect(id, (event) => {
    if (!listening) return;
    reached(event.type === "message" ? null : event.why);
    if (event.type === "message") listener.message(event.text);
    else listener.closed(event.code, event.reason);
  });
  socket.catch(() => listening && listener.closed(1006, "The desktop app could not connect."));
  /** One after the other: calls of the desktop may overtake each other. */
  let said: Promise<unknown> = socket;
  const then = (next: (name: number) => Promise<void>): void => void (said = said.then(() => socket).then(next).catch(() => undefined));
  return {
    send: (text) => then((name) => desktop.send(name, text)),
    close: () => {
      listening = false;
      then(desktop.close);
    },
  };
}
