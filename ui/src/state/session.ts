import { createSignal } from "solid-js";
import type { LoggedOut } from "../backend/gateway";
import type { Shelf } from "../backend/storage";
import type { UserId } from "../protocol/generated";

/** Whether somebody is logged in on this device. */
export type Session =
  /** Nobody is; `note` says why, if that was not their own wish. */
  | { at: "out"; note: LoggedOut | null }
  | { at: "in"; userId: UserId };

const USER = "snug.user";
const TICKET = "snug.knock";

/** Who is logged in, known before the server is asked: the token lies where scripts cannot look. */
export function createSession(shelf: Shelf) {
  const known = shelf.get(USER);
  const [session, setSession] = createSignal<Session>(known === null ? { at: "out", note: null } : { at: "in", userId: known });
  const [ticket, setTicket] = createSignal(shelf.get(TICKET));
  return {
    session,
    enter: (userId: UserId) => {
      shelf.set(USER, userId);
      setSession({ at: "in", userId });
    },
    leave: (note: LoggedOut | null) => {
      shelf.remove(USER);
      setSession({ at: "out", note });
    },
    /** Another tab logged in or out. */
    watch: (changed: (userId: UserId | null) => void) => shelf.watch((key) => key === USER && changed(shelf.get(USER))),
    /** Of a knock that waits for its answer. */
    ticket,
    keepTicket: (value: string | null) => {
      if (value === null) shelf.remove(TICKET);
      else shelf.set(TICKET, value);
      setTicket(value);
    },
  };
}
