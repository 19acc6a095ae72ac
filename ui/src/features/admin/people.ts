import { createMemo, createSignal, onCleanup } from "solid-js";
import type { Api } from "../../backend/api";
import type { AccountState, AdminUser, UserId } from "../../protocol/generated";

const PAGE = 50;
/** How long somebody pauses in typing before the server is asked, in milliseconds. */
const PAUSE_MS = 250;

export type Filter = "all" | AccountState;

/** The accounts of the server that fit a search, page by page, and how many there are of each kind. */
export function createPeople(api: Pick<Api["admin"], "users">) {
  const [text, setText] = createSignal("");
  const [filter, setFilter] = createSignal<Filter>("all");
  const [users, setUsers] = createSignal<AdminUser[]>();
  const [total, setTotal] = createSignal(0);
  const [counts, setCounts] = createSignal<Partial<Record<Filter, number>>>({});
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>();
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => {
    clearTimeout(timer);
    turn = -1;
  });

  const query = (of: Filter) => ({ ...(text().trim() === "" ? {} : { q: text().trim() }), ...(of === "all" ? {} : { state: of }) });

  /** Asks for the next page, or for the first one again; an older answer never replaces a newer one. */
  async function load(more: boolean): Promise<void> {
    const mine = ++turn;
    const known = more ? (users() ?? []) : [];
    const after = known.at(-1)?.user.id;
    setBusy(true);
    setError(undefined);
    try {
      const page = await api.users({ ...query(filter()), limit: PAGE, ...(after === undefined ? {} : { after }) });
      if (mine !== turn) return;
      setUsers([...known, ...page.users]);
      setTotal(page.total);
    } catch (refusal) {
      if (mine === turn) setError(() => refusal);
    } finally {
      if (mine === turn) setBusy(false);
    }
  }

  async function count(): Promise<void> {
    const kinds: Filter[] = ["all", "waiting", "suspended"];
    const answers = await Promise.all(kinds.map((kind) => api.users({ limit: 1, ...(kind === "all" ? {} : { state: kind }) }).then((page) => page.total, () => undefined)));
    setCounts(Object.fromEntries(kinds.flatMap((kind, at) => (answers[at] === undefined ? [] : [[kind, answers[at]]]))));
  }

  const refresh = () => {
    void load(false);
    void count();
  };
  refresh();

  return {
    text,
    search: (value: string) => {
      setText(value);
      clearTimeout(timer);
      timer = setTimeout(() => void load(false), PAUSE_MS);
    },
    filter,
    show: (value: Filter) => {
      setFilter(value);
      setUsers(undefined);
      void load(false);
    },
    users,
    counts,
    busy,
    error,
    refresh,
    left: createMemo(() => Math.max(0, total() - (users()?.length ?? 0))),
    more: () => void load(true),
    /** Puts in how somebody is now; who no longer fits what is shown stays until it is asked for anew. */
    changed: (user: AdminUser) => {
      setUsers((all) => all?.map((one) => (one.user.id === user.user.id ? user : one)));
      void count();
    },
    gone: (id: UserId) => {
      setUsers((all) => all?.filter((one) => one.user.id !== id));
      setTotal((all) => all - 1);
      void count();
    },
  };
}
