import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { endGroup, freePort, until, type Variables } from "./programs";

/* The part of WebDriver (https://www.w3.org/TR/webdriver2/) that the tests need, spoken with WebKitGTK's driver. */

/** By which name the answer has an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
/** A page is quick, but the machine may not be. */
const PATIENCE_MS = 20_000;

class WebDriverError extends Error {
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(`${kind}: ${message}`);
  }
}

export interface StartOptions {
  program: string;
  flags?: string[];
  variables: Variables;
}

/** A window of the app under test. */
export class AppWindow {
  private constructor(
    private readonly driver: ChildProcess,
    private readonly at: string,
    private readonly log: { text: string },
  ) {}

  /** Starts the app, and waits until its page is there. */
  static async open({ program, flags = [], variables }: StartOptions): Promise<AppWindow> {
    const port = await freePort();
    const log = { text: "" };
    const driver = spawn("WebKitWebDriver", [`--port=${port}`], {
      // In a group of its own, with all that it starts.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      // Tauri lets a window be driven only if it is told so.
      env: { ...variables, PATH: process.env["PATH"], TAURI_WEBVIEW_AUTOMATION: "true" },
    });
    for (const stream of [driver.stdout, driver.stderr]) stream.on("data", (text: Buffer) => (log.text += text.toString()));
    driver.once("error", (error) => (log.text += `WebKitWebDriver: ${error.message}`));
    const base = `http://127.0.0.1:${port}`;
    await until("WebKitWebDriver listens", () => fetch(`${base}/status`).then(() => true, () => false));
    const wanted = { capabilities: { alwaysMatch: { pageLoadStrategy: "none", "webkitgtk:browserOptions": { binary: program, args: flags } } } };
    try {
      const { sessionId } = await ask<{ sessionId: string }>(`${base}/session`, "POST", wanted);
      return new AppWindow(driver, `${base}/session/${sessionId}`, log);
    } catch (thrown) {
      await endGroup(driver);
      throw new Error(`the app did not start: ${(thrown as Error).message}\n${log.text}`);
    }
  }

  /** Of the program that drives the app, and has started it. */
  get driverPid(): number {
    return this.driver.pid!;
  }

  /** What the app has logged. */
  get said(): string {
    return this.log.text;
  }

  async close(): Promise<void> {
    await Promise.race([this.#ask("DELETE", ""), sleep(PATIENCE_MS)]).catch(() => undefined);
    await endGroup(this.driver);
  }

  /** Runs a function in the page. */
  run<T>(work: string, ...values: unknown[]): Promise<T> {
    return this.#ask("POST", "/execute/sync", { script: `return (${work}).apply(null, arguments)`, args: values });
  }

  /** The same, of a function that answers later. Its answer is asked for: WebKit's driver does not wait for promises. */
  async runLater<T>(work: string, ...values: unknown[]): Promise<T> {
    await this.run(`(...values) => { delete window.later; Promise.resolve((${work})(...values)).then((answer) => { window.later = { answer }; }, (thrown) => { window.later = { answer: String(thrown) }; }); }`, ...values);
    const later = await until("the page has answered", () => this.run<{ answer: T } | null>("() => window.later ?? null").then((found) => found ?? undefined));
    return later.answer;
  }

  /** How many windows the app has. */
  async windows(): Promise<number> {
    return (await this.#ask<string[]>("GET", "/window/handles")).length;
  }

  async reload(): Promise<void> {
    await this.run("() => { window.old = true; }");
    await this.#ask("POST", "/refresh", {});
    await until("the page is another one", () => this.run<boolean>("() => window.old === undefined").catch(() => false));
  }

  /** PNG, of what is drawn now: the driver takes the frame before. */
  async picture(): Promise<Buffer> {
    await this.runLater("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))");
    return Buffer.from(await this.#ask<string>("GET", "/screenshot"), "base64");
  }

  async size(width: number, height: number): Promise<void> {
    await this.#ask("POST", "/window/rect", { width, height });
  }

  /** What people see as this, by its role and its name. */
  see(role: Role, name: string | RegExp): Seen {
    return new Seen(this, (command, path, body) => this.#ask(command, path, body), role, name);
  }

  /** Waits until a text is shown. */
  async reads(text: string | RegExp, patience = PATIENCE_MS): Promise<void> {
    await until(`the window shows ${text}`, async () => matches(await this.text(), text), patience).catch(async (thrown: Error) => {
      throw new Error(`${thrown.message}; it shows:\n${await this.text()}`);
    });
  }

  text(): Promise<string> {
    return this.run<string>("() => document.body.innerText");
  }

  /** Presses keys on whatever has the focus; names are WebDriver's. */
  async press(...keys: string[]): Promise<void> {
    const actions = [...keys.map((value) => ({ type: "keyDown", value })), ...keys.toReversed().map((value) => ({ type: "keyUp", value }))];
    await this.#ask("POST", "/actions", { actions: [{ type: "key", id: "keys", actions }] });
  }

  /** Takes what is at one point to another, in CSS pixels. */
  async drag([x, y]: [number, number], [toX, toY]: [number, number]): Promise<void> {
    const move = (x: number, y: number) => ({ type: "pointerMove", duration: 100, x: Math.round(x), y: Math.round(y) });
    const steps = [move(x, y), { type: "pointerDown", button: 0 }, move((x + toX) / 2, (y + toY) / 2), move(toX, toY), { type: "pointerUp", button: 0 }];
    await this.#ask("POST", "/actions", { actions: [{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions: steps }] });
  }

  #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    return ask<T>(this.at + path, method, body);
  }
}

export type Role = "button" | "link" | "textbox" | "switch" | "slider" | "heading" | "menuitem" | "radio" | "combobox" | "option" | "img" | "region";

type Ask = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** Something on the page, looked for whenever something is done with it. */
export class Seen {
  constructor(
    private readonly window: AppWindow,
    private readonly ask: Ask,
    private readonly role: Role,
    private readonly name: string | RegExp,
  ) {}

  /** Waits until it is there. */
  async there(): Promise<void> {
    await this.#find();
  }

  async isThere(): Promise<boolean> {
    return (await this.#look()) !== undefined;
  }

  async gone(): Promise<void> {
    await until(`${this.#what()} is gone`, async () => (await this.#look()) === undefined, PATIENCE_MS);
  }

  async click(): Promise<void> {
    await this.#act((id) => this.ask("POST", `/element/${id}/click`, {}));
  }

  /** In place of what was there. A page that is just drawn may move the focus meanwhile: then it is typed again. */
  async type(text: string): Promise<void> {
    await until(`${this.#what()} holds what was typed`, () =>
      this.#act(async (id) => {
        await this.ask("POST", `/element/${id}/clear`, {});
        await this.ask("POST", `/element/${id}/value`, { text });
        return (await this.ask<string>("GET", `/element/${id}/property/value`)) === text;
      }),
    );
  }

  async attribute(name: string): Promise<string | null> {
    return this.#act((id) => this.ask<string | null>("GET", `/element/${id}/attribute/${name}`));
  }

  /** Of what moves or is drawn anew meanwhile it is tried again. */
  async #act<T>(act: (id: string) => Promise<T>): Promise<T> {
    const late = performance.now() + PATIENCE_MS;
    for (;;) {
      const id = await this.#find();
      try {
        return await act(id);
      } catch (thrown) {
        const passing = thrown instanceof WebDriverError && ["stale element reference", "element click intercepted", "element not interactable"].includes(thrown.kind);
        if (!passing || performance.now() > late) throw thrown;
        await sleep(50);
      }
    }
  }

  async #find(): Promise<string> {
    return until(this.#what(), () => this.#look(), PATIENCE_MS).catch(async (thrown: Error) => {
      throw new Error(`${thrown.message} is there; the window shows:\n${await this.window.text()}`);
    });
  }

  #what(): string {
    return `${this.role} ${this.name}`;
  }

  async #look(): Promise<string | undefined> {
    const { name } = this;
    const [source, flags] = typeof name === "string" ? [name, null] : [name.source, name.flags];
    const element = await this.window.run<Record<string, string> | null>(LOOK, this.role, source, flags).catch(() => null);
    return element?.[ELEMENT];
  }
}

/** In the page: what is visible, has a role, and a name. */
const LOOK = `(role, name, flags) => {
  const selectors = {
    button: "button, [role=button]",
    link: "a[href]",
    textbox: "input:not([type]), input[type=text], input[type=password], textarea, [role=textbox]",
    switch: "[role=switch]",
    slider: "input[type=range], [role=slider]",
    heading: "h1, h2, h3",
    menuitem: "[role=menuitem]",
    radio: "input[type=radio], [role=radio]",
    combobox: "select, [role=combobox], button[aria-haspopup=listbox]",
    option: "[role=option], option",
    img: "img, [role=img]",
    region: "section[aria-label], [role=region]",
  };
  const plain = (text) => (text ?? "").replace(/\\s+/g, " ").trim();
  const labelOf = (element) => {
    const by = element.getAttribute("aria-labelledby");
    const named = (id) => document.getElementById(id)?.ariaLabel ?? document.getElementById(id)?.textContent;
    if (by) return plain(by.split(" ").map(named).join(" "));
    if (element.ariaLabel) return plain(element.ariaLabel);
    if (element.labels?.length) return plain([...element.labels].map((one) => one.textContent).join(" "));
    return plain(element.textContent) || plain(element.alt) || plain(element.title) || plain(element.placeholder);
  };
  const wanted = flags === null ? (label) => label === name : (label) => new RegExp(name, flags).test(label);
  // Of some controls people see the label only.
  const face = (element) => (element.matches("input[type=radio]") && element.labels?.length ? element.labels[0] : element);
  const found = [...document.querySelectorAll(selectors[role])].filter((element) => wanted(labelOf(element))).map(face);
  return found.find((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && !element.closest("[aria-hidden=true], [inert]");
  }) ?? null;
}`;

const matches = (text: string, wanted: string | RegExp): boolean => (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text));

async function ask<T>(url: string, method: string, body?: unknown): Promise<T> {
  const answer = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }), headers: { "Content-Type": "application/json" } });
  const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
  if (!answer.ok) throw new WebDriverError(value.error ?? String(answer.status), value.message ?? "");
  return value;
}
