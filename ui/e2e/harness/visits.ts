import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Person } from "./person";
import { PATIENCE_MS } from "./screen";

const FAILURES = resolve(import.meta.dirname, "../.failures");

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 800, height: 700 };
export const PHONE = { width: 390, height: 844 };

export interface VisitOptions {
  path?: string;
  size?: { width: number; height: number };
  dark?: boolean;
  /** Lets the test's own scripts in, which the page's policy forbids. */
  bypassCSP?: boolean;
  /** What lies in the page's storage already. */
  storage?: Record<string, string>;
  motion?: boolean;
  /** Runs in each page before anything of its own. */
  script?: (() => void) | { content: string };
  /** The page may use the microphone. */
  microphone?: boolean;
}

/** The pages that are open, each in a browser context of its own, and what went wrong in them. */
export class Visits {
  #open: { context: BrowserContext; who: string; pages: Page[] }[] = [];
  #faults: string[] = [];
  #allowed: RegExp[] = [];

  constructor(
    private readonly browser: () => Browser,
    private readonly base: () => string,
  ) {}

  /** Opens a page as somebody who is logged in; without a person, as anyone. */
  async open(person: Person | null, options: VisitOptions = {}): Promise<Page> {
    const storage = { ...options.storage, ...(person ? { "snug.user": person.id } : {}) };
    const context = await this.browser().newContext({
      baseURL: this.base(),
      viewport: options.size ?? WIDE,
      colorScheme: options.dark ? "dark" : "light",
      reducedMotion: options.motion ? "no-preference" : "reduce",
      bypassCSP: options.bypassCSP ?? false,
      permissions: ["clipboard-read", "clipboard-write", ...(options.microphone ? ["microphone"] : [])],
      locale: "en-GB",
      timezoneId: "Europe/Berlin",
      storageState: { cookies: [], origins: [{ origin: this.base(), localStorage: Object.entries(storage).map(([name, value]) => ({ name, value })) }] },
    });
    context.setDefaultTimeout(PATIENCE_MS);
    // As a log-in in this browser would: the refresh token comes in a cookie that no script sees.
    if (person) {
      const answer = await context.request.post("/api/v1/auth/login", { data: { username: person.username, password: person.password, cookie: true } });
      if (!answer.ok()) throw new Error(`${person.username} cannot log in: ${answer.status()}`);
    }
    const visit = { context, who: person?.username ?? "anyone", pages: [] as Page[] };
    this.#open.push(visit);
    context.on("page", (page) => {
      visit.pages.push(page);
      this.#watch(page, visit.who);
    });
    if (options.script) await context.addInitScript(options.script);
    const page = await context.newPage();
    await page.goto(options.path ?? "/");
    return page;
  }

  /** Another tab of the same browser. */
  async another(page: Page, path: string): Promise<Page> {
    const tab = await page.context().newPage();
    await tab.goto(path);
    return tab;
  }

  /** What the console may say in this test: browsers report each refused request there. */
  allow(...what: RegExp[]): void {
    this.#allowed.push(...what);
  }

  /** What the console and the pages complained of since the last time. */
  takeFaults(): string[] {
    const faults = this.#faults.filter((fault) => !this.#allowed.some((one) => one.test(fault)));
    this.#faults = [];
    this.#allowed = [];
    return faults;
  }

  /** Keeps what is on the screens, for people to see why a test failed. */
  async keepPictures(test: string): Promise<void> {
    await mkdir(FAILURES, { recursive: true });
    const name = test.replace(/[^a-z0-9]+/gi, "-").slice(0, 90);
    for (const [visit, { who, pages }] of this.#open.entries()) {
      for (const [at, page] of pages.entries()) {
        const file = join(FAILURES, `${name}.${visit + 1}-${who}-${at + 1}`);
        await page.screenshot({ path: `${file}.png`, timeout: 5_000 }).catch(() => undefined);
        await writeFile(`${file}.txt`, `${page.url()}\n${this.#faults.join("\n")}\n`);
      }
    }
  }

  async closeAll(): Promise<void> {
    const open = this.#open;
    this.#open = [];
    await Promise.all(open.map((visit) => visit.context.close()));
  }

  #watch(page: Page, who: string): void {
    page.on("console", (message) => {
      if (message.type() === "error") this.#faults.push(`${who}: console: ${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => this.#faults.push(`${who}: page: ${error.stack ?? error.message}`));
    page.on("crash", () => this.#faults.push(`${who}: the page crashed`));
  }
}
