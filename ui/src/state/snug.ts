import { batch, createSignal } from "solid-js";
import { createStore, produce, reconcile } from "solid-js/store";
import { type Api, createApi } from "../backend/api";
import { Connection } from "../backend/connection";
import type { LoggedOut, Event, Phase } from "../backend/gateway";
import { Http } from "../backend/http";
import { Tokens } from "../backend/tokens";
import type { World } from "../backend/world";
import type { ImageHash, LoggedIn, Ready, UserId } from "../protocol/generated";
import { apply, endTyping, fromReady, TYPING_MS } from "./apply";
import { digest } from "./digest";
import { Drafts } from "./drafts";
import { Histories } from "./histories";
import { emptyState, type State } from "./model";
import { Outbox } from "./outbox";
import { createPreferences } from "./preferences";
import { Reads } from "./reads";
import { createSession } from "./session";
import { Voice } from "./voice/voice";

export type Snug = ReturnType<typeof createSnug>;

/** What a page leaves to the one after it, where voice goes on without a page. */
export interface Legacy {
  session: string;
  call: ReturnType<Voice["legacy"]>;
}

/** The whole app but its face: one store, who writes to it, and who talks to the server. `left`: by the page before this one. */
export function createSnug(world: World, left: Legacy | null = null) {
  const [state, set] = createStore<State>(emptyState());
  const [phase, setPhase] = createSignal<Phase>({ at: "off" });
  const [preferences, setPreferences, unwatch] = createPreferences(world.shelf, world.notices.usual, () => voice.refresh());
  const session = createSession(world.shelf);
  const listeners = new Set<(event: Event) => void>();
  const phaseListeners = new Set<(phase: Phase) => void>();

  const tokens: Tokens = new Tokens({ refresh: (attempt) => api.auth.refresh({ attempt }), lock: world.lock, shelf: world.shelf, now: world.now });
  const http = new Http({ base: "/api/v1", fetch: world.fetch, access: (refused) => tokens.access(refused) });
  const api: Api = createApi(http);
  const histories = new Histories(api.messages, state, set);
  const reads = new Reads({ markRead: api.channels.markRead, state, set, timer: world.timer });

  const connection = new Connection(
    { ...world, access: (refused) => tokens.access(refused) },
    {
      phase: (next) => {
        setPhase(next);
        own()?.outbox.connected(next.at === "ready");
        if (next.at === "ready") reads.flush();
        voice.phase(next);
        for (const listen of phaseListeners) listen(next);
        if (next.at === "ended" && next.why.kind === "logged_out") out(next.why);
      },
      ready: (ready) => {
        batch(() => receive(ready));
        voice.ready(ready.call ?? null);
      },
      event: (event) => batch(() => dispatch(event)),
      digest: () => digest(state),
    },
  );

  const voice = new Voice({ engine: world.voice, send: (frame) => connection.say(frame), wake: () => connection.wake(), state, preferences, setPreferences, timer: world.timer, now: world.now, random: world.random });

  /** What belongs to whoever is logged in. */
  const [own, setOwn] = createSignal<{ userId: UserId; outbox: Outbox; drafts: Drafts } | null>(null);

  function receive(ready: Ready): void {
    // Another tab may have logged in as somebody else meanwhile; the cookie is theirs now.
    if (ready.account.id !== own()?.userId) assume(ready.account.id);
    set(
      produce((current) => {
        histories.refreshed(current);
        current.typing = {};
        current.speaking = {};
        current.peerStats = {};
      }),
    );
    for (const [key, value] of Object.entries(fromReady(ready))) set(key as keyof State, reconcile(value as never, { merge: false }));
  }

  function dispatch(event: Event): void {
    histories.event(event);
    set(produce((current) => apply(current, event, world.now())));
    if (event.t === "message_create" && event.d.nonce !== null && event.d.author_id === state.account?.id) own()?.outbox.acknowledge(event.d.nonce);
    if (event.t === "typing_start") world.timer(TYPING_MS + 50, () => set(produce((current) => endTyping(current, event.d.channel_id, world.now()))));
    voice.event(event);
    for (const listen of listeners) listen(event);
  }

  function assume(userId: UserId): void {
    own()?.outbox.dispose();
    const outbox = new Outbox({
      userId,
      send: api.messages.send,
      sent: (message) => set(produce((current) => apply(current, { t: "message_create", d: message }, world.now()))),
      shelf: world.shelf,
      lock: world.lock,
      timer: world.timer,
      now: world.now,
    });
    setOwn({ userId, outbox, drafts: new Drafts(userId, world.shelf) });
    session.enter(userId);
  }

  /** Somebody is logged in: connect as them. */
  function enter(userId: UserId, before?: string): void {
    assume(userId);
    connection.start(before);
  }

  function out(note: LoggedOut | null): void {
    voice.stop();
    connection.stop();
    tokens.clear();
    batch(() => {
      own()?.outbox.dispose();
      setOwn(null);
      session.leave(note);
      set(reconcile(emptyState()));
    });
  }

  tokens.onLoggedIn = (loggedIn) => {
    if (own() && loggedIn.account.id !== own()?.userId) enter(loggedIn.account.id);
  };
  tokens.onEnded = (refusal) => out({ kind: "logged_out", message: refusal.message, hint: refusal.hint });
  const unwatchSession = session.watch((userId) => {
    if (userId !== null && userId !== own()?.userId) enter(userId);
  });
  const first = session.session();
  if (first.at === "in") {
    if (left?.call) voice.adopt(left.call.channelId, left.call.connection);
    enter(first.userId, left?.session);
  }

  return {
    state,
    api,
    phase,
    connection,
    session: session.session,
    ticket: session.ticket,
    keepTicket: session.keepTicket,
    preferences,
    setPreferences,
    histories,
    reads,
    voice,
    notices: world.notices,
    /** Of whoever is logged in. Only for what is shown while somebody is. */
    get outbox(): Outbox {
      return own()!.outbox;
    },
    get drafts(): Drafts {
      return own()!.drafts;
    },
    now: world.now,
    /** Where a picture is, if there is one. */
    image: (hash: ImageHash | null | undefined): string | undefined => hash ? world.image(hash) : undefined,
    /** An address of the app, as it is given to others. */
    link: (path: string): string => world.origin() + path,
    /** Hears of every event, after it was applied. Returns how to stop. */
    onEvent: (listen: (event: Event) => void): (() => void) => {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    onPhase: (listen: (phase: Phase) => void): (() => void) => {
      phaseListeners.add(listen);
      return () => void phaseListeners.delete(listen);
    },
    /** Goes on as whoever just logged in. */
    welcome: (loggedIn: LoggedIn): void => {
      tokens.accept(loggedIn);
      session.keepTicket(null);
      enter(loggedIn.account.id);
    },
    /** Logs out on this device; what was typed and not sent is forgotten. */
    logOut: async (): Promise<void> => {
      await api.auth.logout().catch(() => undefined);
      own()?.drafts.clear();
      own()?.outbox.clear();
      out(null);
    },
    /** For the page after this one. */
    legacy: (): Legacy | null => (connection.session === null ? null : { session: connection.session, call: voice.legacy() }),
    /** Ends what goes on, and stays logged in. */
    close: (): void => {
      unwatch();
      unwatchSession();
      voice.stop();
      connection.stop();
      own()?.outbox.dispose();
    },
    partingRead: (id: string): void => set("partings", (all) => all.filter((one) => one.id !== id)),
  };
}
