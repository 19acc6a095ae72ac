import type {
  About,
  Answer,
  CheckedUpdate,
  Entry,
  FoundServer,
  IpcError,
  KnownAccount,
  NearbyServer,
  Note,
  NoteTold,
  Servers,
  Shell,
  ShellSettings,
  ShellUpdate,
  ShortcutCommand,
  ShortcutUpdate,
  SocketEvent,
  TrayState,
  UpdateProgress,
  Updating,
  VoiceCommand,
  VoiceUpdate,
} from "../../protocol/desktop";

/** The part of Tauri that is used: it puts it into the page itself, so that nothing has to be bundled. */
interface Internals {
  invoke<T>(command: string, args?: unknown, options?: { headers?: Record<string, string> }): Promise<T>;
  transformCallback(callback: (message: unknown) => void, once?: boolean): number;
  unregisterCallback(id: number): void;
}

const internals = (): Internals => (window as unknown as { __TAURI_INTERNALS__: Internals }).__TAURI_INTERNALS__;

/** Whether this is the desktop app. */
export const isDesktop = (): boolean => "__TAURI_INTERNALS__" in window;

/** Why a command did not work. */
export class DesktopError extends Error {
  readonly hint: string | undefined;
  constructor(readonly why: IpcError) {
    super(why.message);
    this.hint = why.hint ?? undefined;
  }
}

async function invoke<T>(command: string, args?: unknown, headers?: Record<string, string>): Promise<T> {
  try {
    return await internals().invoke<T>(command, args, headers && { headers });
  } catch (thrown) {
    throw new DesktopError(typeof thrown === "object" && thrown !== null && "code" in thrown ? (thrown as IpcError) : { code: "failed", message: String(thrown), hint: null, fingerprint: null });
  }
}

/** What a command tells again and again, in order. */
class Channel<T> {
  readonly #id: number;
  #next = 0;
  #early = new Map<number, T>();

  constructor(told: (message: T) => void) {
    let end: number | undefined;
    this.#id = internals().transformCallback((raw) => {
      const message = raw as { index: number; message: T } | { index: number; end: true };
      if ("end" in message) end = message.index;
      else this.#early.set(message.index, message.message);
      for (let due = this.#early.get(this.#next); this.#early.has(this.#next); due = this.#early.get(this.#next)) {
        this.#early.delete(this.#next);
        this.#next += 1;
        told(due as T);
      }
      // A large message is fetched, and may come after the end.
      if (this.#next === end) internals().unregisterCallback(this.#id);
    });
  }

  toJSON(): string {
    return `__CHANNEL__:${this.#id}`;
  }
}

/** The desktop's side, one function a command. */
export const desktop = {
  about: () => invoke<About>("about"),
  servers: () => invoke<Servers>("servers"),
  find: (address: string, fingerprint: string | null) => invoke<FoundServer>("find_server", { address, fingerprint }),
  add: (address: string, fingerprint: string | null) => invoke<Entry>("add_server", { address, fingerprint }),
  know: (id: string, name: string | null, account: KnownAccount | null) => invoke<void>("know_server", { id, name, account }),
  pin: (id: string, fingerprint: string) => invoke<void>("pin_server", { id, fingerprint }),
  remove: (id: string) => invoke<void>("remove_server", { id }),
  order: (ids: string[]) => invoke<void>("order_servers", { ids }),
  ask: (id: string, ask: { method: string; path: string; token: string | null; kind: string | null; body: Uint8Array }) =>
    invoke<Answer>("ask", ask.body, {
      "snug-server": id,
      "snug-method": ask.method,
      "snug-path": ask.path,
      ...(ask.token === null ? {} : { "snug-token": ask.token }),
      ...(ask.kind === null ? {} : { "snug-kind": ask.kind }),
    }),
  /** Tells which servers are on the local network, whenever that changes. Returns how to stop. */
  watchNearby: (told: (servers: NearbyServer[]) => void): (() => void) => {
    const watching = invoke<number>("watch_nearby", { told: new Channel(told) });
    return () => void watching.then((watch) => invoke<void>("unwatch_nearby", { watch })).catch(() => undefined);
  },
  voice: {
    attach: (told: (update: VoiceUpdate) => void) => invoke<void>("attach_voice", { told: new Channel(told) }),
    command: (command: VoiceCommand) => invoke<void>("voice", { command }),
  },
  updates: {
    status: () => invoke<Updating>("updating"),
    check: () => invoke<CheckedUpdate>("check_update"),
    install: (told: (progress: UpdateProgress) => void) => invoke<void>("install_update", { told: new Channel(told) }),
    start: () => invoke<void>("start_updated"),
  },
  /** What is around the window. */
  shell: {
    attach: (told: (update: ShellUpdate) => void) => invoke<void>("attach_shell", { told: new Channel(told) }),
    tray: (state: TrayState) => invoke<void>("tell_tray", { state }),
    note: (note: Note) => invoke<NoteTold>("tell_note", { note }),
    withdraw: (account: string, channel: string) => invoke<void>("withdraw_notes", { account, channel }),
    openLink: (link: string) => invoke<void>("open_link", { link }),
    look: () => invoke<Shell>("shell"),
    set: (settings: ShellSettings) => invoke<void>("set_shell", { settings }),
  },
  shortcuts: {
    attach: (told: (update: ShortcutUpdate) => void) => invoke<void>("attach_shortcuts", { told: new Channel(told) }),
    command: (command: ShortcutCommand) => invoke<void>("shortcuts", { command }),
  },
  connect: (id: string, told: (event: SocketEvent) => void) => invoke<number>("connect", { id, told: new Channel(told) }),
  send: (socket: number, text: string) => invoke<void>("send", { socket, text }),
  close: (socket: number) => invoke<void>("close", { socket }),
};
