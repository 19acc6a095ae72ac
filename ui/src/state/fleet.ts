import { createRoot, createSignal } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import type { Phase } from "../backend/gateway";
import type { Shelf } from "../backend/storage";
import type { World } from "../backend/world";
import type { Entry, Kept, KnownAccount, Servers } from "../protocol/desktop";
import { unreadOfSpace } from "./selectors";
import { createSnug, type Snug } from "./snug";
import { isActive } from "./voice/call";

/** Which account was shown last, and where one was on each. */
const SHOWN = "snug.shown";
const PLACE = "snug.place.";

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
  world(entry: Entry): World;
  shelf: Shelf;
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

/** All accounts on all servers. */
export function createFleet(harbour: Harbour) {
  const [entries, setEntries] = createStore<Entry[]>([]);
  const [kept, setKept] = createSignal<Kept | null>(null);
  const [loaded, setLoaded] = createSignal(false);
  const [shown, setShown] = createSignal<string | null>(null);
  const accounts = new Map<string, Account & { dispose: () => void }>();

  const open = (entry: Entry): Account =>
    createRoot((dispose) => {
      const snug = createSnug(harbour.world(entry));
      const account = { id: entry.id, snug, dispose };
      accounts.set(entry.id, account);
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

  const show = (id: string | null): void => {
    const before = shown();
    if (before === id) return;
    if (before !== null) harbour.shelf.set(PLACE + before, location.pathname);
    if (id === null) harbour.shelf.remove(SHOWN);
    else harbour.shelf.set(SHOWN, id);
    history.replaceState(null, "", (id !== null && harbour.shelf.get(PLACE + id)) || "/");
    setShown(id);
  };

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
    /** The account that is in voice, or else the one that is shown. */
    speaking: (): Account | undefined => {
      const id = entries.find((entry) => isActive(accounts.get(entry.id)?.snug.voice.call() ?? { at: "idle" }))?.id ?? shown();
      return id === null ? undefined : accounts.get(id);
    },
    show,
    /** What is new with an account: the sum of its spaces. */
    news: (id: string): { unread: boolean; mentions: number } => {
      const snug = accounts.get(id)?.snug;
      const sums = snug?.state.spaceIds.map((space) => unreadOfSpace(snug.state, space)) ?? [];
      return { unread: sums.some((one) => one.unread), mentions: sums.reduce((sum, one) => sum + one.mentions, 0) };
    },
    standing: (id: string): Standing => {
      const snug = accounts.get(id)?.snug;
      return snug === undefined ? "connecting" : standing(snug.phase(), snug.session().at);
    },
    load: async (): Promise<void> => {
      const { entries: list, kept: how } = await harbour.servers();
      setKept(how);
      take(list);
      const last = harbour.shelf.get(SHOWN);
      const first = list.find((entry) => entry.id === last) ?? list[0];
      if (first && shown() === null) setShown(first.id);
      setLoaded(true);
    },
    add: async (address: string, fingerprint: string | null): Promise<Account> => {
      const entry = await harbour.add(address, fingerprint);
      take([...entries, entry]);
      show(entry.id);
      return accounts.get(entry.id)!;
    },
    /** Keeps what is known of an account, for the next start. */
    know: async (id: string, name: string | null, account: KnownAccount | null): Promise<void> => {
      await harbour.know(id, name, account);
      setEntries((entry) => entry.id === id, (entry) => ({ name: name ?? entry.name, account: account ?? entry.account }));
    },
    remove: async (id: string): Promise<void> => {
      await accounts.get(id)?.snug.api.auth.logout().catch(() => undefined);
      await harbour.remove(id);
      if (shown() === id) show(null);
      take(entries.filter((entry) => entry.id !== id));
    },
    pin: async (id: string, fingerprint: string): Promise<void> => {
      await harbour.pin(id, fingerprint);
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
