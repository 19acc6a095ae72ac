import { createSignal } from "solid-js";
import { kept, type Shelf } from "../backend/storage";
import type { Timer } from "../backend/timer";
import type { CheckedUpdate, Update, UpdateProgress, Updating } from "../protocol/desktop";

/** How the desktop app is brought up to date. */
export interface UpdatePort {
  status(): Promise<Updating>;
  check(): Promise<CheckedUpdate>;
  install(told: (progress: UpdateProgress) => void): Promise<void>;
  /** Ends the app, and starts the one that was installed. */
  start(): Promise<void>;
}

export type Updates = ReturnType<typeof createUpdates>;

/** After the start, when all else is there; and how often it is looked whether a day has passed: computers sleep. */
const FIRST_MS = 15_000;
const LOOK_MS = 3_600_000;
const DAY_MS = 24 * LOOK_MS;

/** Whether to look without being asked: yes, until somebody says no. */
const clean = (found: unknown): boolean => found !== false;

/** Looks for updates, at the start and once a day, and installs them when asked to. */
export function createUpdates(port: UpdatePort, shelf: Shelf, timer: Timer, now: () => number) {
  const store = kept(shelf, "snug.updates.auto", clean);
  const [status, setStatus] = createSignal<Updating | null>(null);
  const [auto, setAuto] = createSignal(store.read());
  const [looked, setLooked] = createSignal<number | null>(null);
  const [found, setFound] = createSignal<CheckedUpdate | null>(null);
  const [progress, setProgress] = createSignal<UpdateProgress | null>(null);
  const [news, setNews] = createSignal<Update | null>(null);
  let busy = false;

  const itself = (): boolean => status()?.way.by === "itself" && status()?.installed === null;

  const check = async (): Promise<CheckedUpdate> => {
    const answer = await port.check();
    setFound(answer);
    setLooked(now());
    return answer;
  };

  /** Nobody asked, so nobody is told if it does not work: an hour later it is tried again. */
  const lookQuietly = async (): Promise<void> => {
    const last = looked();
    // A clock that was set back is no reason to wait.
    const due = last === null || now() - last >= DAY_MS || last > now();
    if (!itself() || !auto() || !due || busy) return;
    const answer = await check();
    if (answer.found === "newer" && answer.update.version !== news()?.version) setNews(answer.update);
  };

  const again = (ms: number): void => {
    timer(ms, () => {
      void lookQuietly().catch(() => undefined);
      again(LOOK_MS);
    });
  };

  return {
    /** This copy of the app; nothing until it is known. */
    status,
    /** What the last look found. */
    found,
    /** How far an installation is; nothing: none is under way. */
    progress,
    /** An update that was found without being asked for, to be told of once. */
    news,
    /** When a look found an answer, in milliseconds since 1970. */
    looked,
    /** Whether to look without being asked. */
    auto,
    setAuto: (on: boolean): void => store.write(setAuto(on)),
    /** Starts to look, now and then. */
    watch: async (): Promise<void> => {
      setStatus(await port.status());
      again(FIRST_MS);
    },
    check,
    install: async (): Promise<void> => {
      busy = true;
      setProgress({ at: "download", bytes: 0, of: null });
      try {
        await port.install((step) => busy && setProgress(step));
        setStatus(await port.status());
      } finally {
        busy = false;
        setProgress(null);
      }
    },
    /** Ends the app, and starts the one that was installed. */
    restart: port.start,
  };
}
