import type { Page } from "playwright-core";
import type { House } from "./house";
import type { Scene, Screen } from "./screens";

/** Shows one screen after the other, to each person in one browser window of theirs. */
export class Gallery {
  readonly #pages = new Map<string, Page>();

  constructor(
    private readonly home: House,
    private readonly scene: () => Scene,
    private readonly size: { width: number; height: number },
  ) {}

  /** Leads to a screen, as if nothing had been done before. */
  async show(screen: Screen): Promise<Page> {
    this.home.visits.allow(/status of 4\d\d/, /ERR_INTERNET_DISCONNECTED/, /WebSocket connection to/);
    await this.home.owner.api.admin.updateSettings({ registration: screen.mode ?? "open", server_password: screen.serverPassword ?? "" });
    const person = screen.who(this.scene());
    const key = person?.id ?? "";
    const page = this.#pages.get(key) ?? (await this.home.visit(person, { size: this.size, bypassCSP: true, path: "/favicon.ico" }));
    this.#pages.set(key, page);
    await page.context().setOffline(false);
    await page.evaluate(() => {
      const keep = localStorage.getItem("snug.user");
      localStorage.clear();
      if (keep !== null) localStorage.setItem("snug.user", keep);
    });
    // The same address again would not load the page anew where only the part after # differs.
    await page.goto("about:blank");
    await page.goto(screen.path(this.scene()));
    await screen.ready(page, this.scene());
    return page;
  }
}
