import { createEffect, createRoot, createSignal, untrack } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import type { Phase } from "../backend/gateway";
import { visit } from "../backend/place";
import type { Shelf } from "../backend/storage";
import { versionWords } from "../backend/version";
import type { World } from "../backend/world";
import { invitePath } from "../paths";
import type { Entry, IpcError, Kept, KnownAccount, ServerLink, Servers } from "../protocol/desktop";
import { watchActivity } from "./activity";
import { watchNotices } from "./notices";
import { unreadOfSpace } from "./selectors";
import { createSnug, type Legacy, type Snug } from "./snug";
import { isActive } from "./voice/call";

/** Which account was shown last, and where one was on each. */
const SHOWN = "snug.shown";
const PLACE = "snug.place.";
/** What each account had when the page was left. */
const LEFT = "snug.left.";

/** One account that one is signed in with, or is to be; all are alive at once, and one is shown. */
export interface Account {
  readonly id: string;
  readonly snug: Snug;
}

/** What the fleet needs of the desktop. */
export interface Harbour {
  servers(): Promise<Servers>;
  add(address: string, fingerprint: string | null): Promise<Entry>;
  know(id: string, name: string | null, account: KnownAccount | null): Promise<void>;
  remove(id: string): Promise<void>;
  order(ids: string[]): Promise<void>;
  pin(id: string, fingerprint: string): Promise<void>;
  /** The world as this account has it. */
  world(entry: Entry, reached: (trouble: IpcError | null) => void): World;
  shelf: Shelf;
  /** Forgets with the window, but not with its page. */
  passing: Shelf;
}

export type Fleet = ReturnType<typeof createFleet>;

/** How an account stands, in a word: for its dot and its label. */
export type Standing = "online" | "connecting" | "away" | "out" | "refused";

export function standing(phase: Phase, session: "in" | "out"): Standing {
  if (session === "out") return phase.at === "ended" && phase.why.kind === "version" ? "refused" : "out";
  switch (phase.at) {
    case "ready":
      return "online";
    case "waiting":
    case "offline":
      return "away";
    case "ended":
      return "refused";
    default:
      return "connecting";
  }
}

/** Whether it stays so until somebody does something about it. */
const isFinal = (trouble: IpcError | null | undefined): boolean => ["untrusted", "impostor", "strange"].includes(trouble?.code ?? "");

/** The two do not fit each other: that is known from what the server says, not from how it is reached. */
const versionTrouble = (phase: Phase | undefined): IpcError | null =>
  phase?.at === "ended" && phase.why.kind === "version" ? { code: "refused", message: versionWords(phase.why.older, false), hint: null, fingerprint: null } : null;

/** Host and port of a server: a link does not say whether it is reached by TLS. */
const placeOf = (origin: string): string => origin.replace(/^https?:\/\//, "");

/** All accounts on all servers. */
export function createFleet(harbour: Harbour) {
  const [entries, setEntries] = createStore<Entry[]>([]);
  const [kept, setKept] = createSignal<Kept | null>(null);
  const [loaded, setLoaded] = createSignal(false);
  const [shown, setShown] = createSignal<string | null>(null);
  /** Why servers are not reached. */
  const [troubles, setTroubles] = createStore<Record<string, IpcError | null>>({});
  /** A link to a server that is not known yet: it waits until somebody says that it is to be added. */
  const [asked, setAsked] = createSignal<ServerLink | null>(null);
  const accounts = new Map<string, Account & { dispose: () => void }>();

  const open = (entry: Entry): Account =>
    createRoot((dispose) => {
      const reached = (trouble: IpcError | null): void => setTroubles(entry.id, trouble);
      const snug = createSnug(harbour.world(entry, reached), takeLegacy(entry.id));
      watchActivity(snug);
      watchNotices(snug, { shown: () => shown() === entry.id, open: (path) => go(entry.id, path) });
      const account = { id: entry.id, snug, dispose };
      accounts.set(entry.id, account);
      // There is one microphone, and one call.
      createEffect(() => {
        if (!isActive(snug.voice.call())) return;
        for (const other of accounts.values()) if (other !== account && isActive(untrack(other.snug.voice.call))) other.snug.voice.leave();
      });
      createEffect(() => {
        const own = snug.state.account;
        if (own) void learn(entry.id, snug, { username: own.username, display_name: own.display_name });
      });
      return account;
    });

  const close = (id: string): void => {
    const account = accounts.get(id);
    accounts.delete(id);
    account?.snug.close();
    account?.dispose();
  };

  const take = (list: Entry[]): void => {
    for (const id of accounts.keys()) if (!list.some((entry) => entry.id === id)) close(id);
    for (const entry of list) if (!accounts.has(entry.id)) open(entry);
    setEntries(reconcile(list, { key: "id" }));
  };

  /** Keeps what is known of an account, for the next start. It is of no use to anybody that it could not be kept. */
  const learn = async (id: string, snug: Snug, account: KnownAccount): Promise<void> => {
    const name = await snug.api.server().then((server) => server.name, () => null);
    await harbour.know(id, name, account).catch(() => undefined);
    setEntries((entry) => entry.id === id, (entry) => ({ name: name ?? entry.name, account }));
  };

  const takeLegacy = (id: string): Legacy | null => {
    const text = harbour.passing.get(LEFT + id);
    harbour.passing.remove(LEFT + id);
    return text === null ? null : (JSON.parse(text) as Legacy);
  };

  /** A keyring may have come or gone since the start. */
  const lookAtKept = (): void => void harbour.servers().then(({ kept }) => setKept(kept), () => undefined);

  /** Shows an account where one was on it last, or at `path`. */
  const show = (id: string | null, path?: string): void => {
    const before = shown();
    if (before === id) return;
    setAsked(null);
    if (before !== null) harbour.shelf.set(PLACE + before, location.pathname);
    if (id === null) harbour.shelf.remove(SHOWN);
    else harbour.shelf.set(SHOWN, id);
    history.replaceState(null, "", path ?? ((id !== null && harbour.shelf.get(PLACE + id)) || "/"));
    setShown(id);
    if (id === null) lookAtKept();
  };

  /** Shows a page of an account. */
  const go = (id: string, path: string): void => {
    if (!accounts.has(id)) return;
    if (shown() === id) visit(path);
    else show(id, path);
  };

  /** The account that is in voice, if any is. */
  const talking = (): Entry | undefined => entries.find((entry) => (accounts.get(entry.id)?.snug.voice.channel() ?? null) !== null);

  return {
    entries,
    /** How secrets are kept here. */
    kept,
    loaded,
    account: (id: string): Account | undefined => accounts.get(id),
    /** The account that is shown; none: the list of servers is. */
    shown: (): Account | undefined => {
      const id = shown();
      return id === null ? undefined : accounts.get(id);
    },
    show: (id: string | null): void => show(id),
    go,
    talking,
    asked,
    /** Goes where a link leads: to an account on that server, or to where the server can be added. Nothing is joined or added by that. */
    follow: (link: ServerLink): void => {
      const there = entries.filter((entry) => placeOf(entry.origin) === placeOf(link.address));
      const best = there.find((entry) => entry.id === shown()) ?? there.find((entry) => accounts.get(entry.id)?.snug.session().at === "in") ?? there[0];
      if (best === undefined) {
        show(null);
        setAsked(link);
      } else if (link.invite !== null) go(best.id, invitePath(link.invite));
      else show(best.id);
    },
    /** The account that is in voice, or else the one that is shown. */
    speaking: (): Account | undefined => {
      const id = entries.find((entry) => isActive(accounts.get(entry.id)?.snug.voice.call() ?? { at: "idle" }))?.id ?? shown();
      return id === null ? undefined : accounts.get(id);
    },
    /** What is new with an account: the sum of its spaces. */
    news: (id: string): { unread: boolean; mentions: number } => {
      const snug = accounts.get(id)?.snug;
      const sums = snug?.state.spaceIds.map((space) => unreadOfSpace(snug.state, space)) ?? [];
      return { unread: sums.some((one) => one.unread), mentions: sums.reduce((sum, one) => sum + one.mentions, 0) };
    },
    standing: (id: string): Standing => {
      const snug = accounts.get(id)?.snug;
      if (snug === undefined) return "connecting";
      return isFinal(troubles[id]) ? "refused" : standing(snug.phase(), snug.session().at);
    },
    /** The page is about to go: another one may come after it. */
    leave: (): void => {
      for (const { id, snug } of accounts.values()) {
        const legacy = snug.legacy();
        if (legacy) harbour.passing.set(LEFT + id, JSON.stringify(legacy));
      }
    },
    /** Why a server is not reached, if it is not. */
    trouble: (id: string): IpcError | null => troubles[id] ?? versionTrouble(accounts.get(id)?.snug.phase()),
    load: async (): Promise<void> => {
      const { entries: list, kept: how } = await harbour.servers();
      setKept(how);
      take(list);
      const last = harbour.shelf.get(SHOWN);
      const first = list.find((entry) => entry.id === last) ?? list[0];
      if (first && shown() === null) setShown(first.id);
      setLoaded(true);
    },
    /** Adds an account, and shows it, at `path` if that is said. */
    add: async (address: string, fingerprint: string | null, path?: string): Promise<Account> => {
      const entry = await harbour.add(address, fingerprint);
      take([...entries, entry]);
      show(entry.id, path);
      return accounts.get(entry.id)!;
    },
    remove: async (id: string): Promise<void> => {
      await accounts.get(id)?.snug.logOut();
      await harbour.remove(id);
      if (shown() === id) show(null);
      take(entries.filter((entry) => entry.id !== id));
      for (const key of harbour.shelf.keys()) if (key.startsWith(`${id}.`) || key === PLACE + id) harbour.shelf.remove(key);
    },
    pin: async (id: string, fingerprint: string): Promise<void> => {
      await harbour.pin(id, fingerprint);
      setTroubles(id, null);
      accounts.get(id)?.snug.connection.wake();
    },
    order: async (ids: string[]): Promise<void> => {
      const before = [...entries];
      setEntries(reconcile(ids.map((id) => before.find((entry) => entry.id === id)!), { key: "id" }));
      try {
        await harbour.order(ids);
      } catch (thrown) {
        setEntries(reconcile(before, { key: "id" }));
        throw thrown;
      }
    },
  };
}
