import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type * as P from "../../src/protocol/generated";
import { launch } from "./browser";
import { type NewPerson, type Person, register } from "./person";
import { type ServerOptions, SnugServer } from "./server";
import { type VisitOptions, Visits } from "./visits";

/** A server with an owner and their space, and a browser to visit it. */
export class House {
  server!: SnugServer;
  browser!: Browser;
  owner!: Person;
  space!: P.SpaceId;
  general!: P.Channel;
  invite = "";
  readonly visits = new Visits(
    () => this.browser,
    () => this.server.base,
  );

  get base(): string {
    return this.server.base;
  }

  /** The owner and what comes with them. */
  async settle(): Promise<void> {
    this.owner = await register(this.base, { username: "marta" });
    this.space = this.owner.spaceId!;
    const { channels } = await this.owner.api.spaces.get(this.space);
    this.general = channels.find((channel) => channel.kind === "text")!;
    this.invite = (await this.owner.api.invites.create(this.space, {})).code;
  }

  /** Somebody new in the space. */
  async friend(who: string | NewPerson): Promise<Person> {
    const person = typeof who === "string" ? { username: who } : who;
    return register(this.base, { invite: this.invite, ...person });
  }

  /** A new channel. */
  channel(name: string, more: Partial<P.CreateChannel> = {}): Promise<P.Channel> {
    return this.owner.api.channels.create(this.space, { kind: "text", name, overwrites: [], ...more });
  }

  /** Opens the app as somebody. */
  visit(person: Person | null, options: VisitOptions = {}): Promise<Page> {
    return this.visits.open(person, options);
  }

  /** Opens a channel as somebody, and waits until it is there. */
  async enter(person: Person, channel: P.Channel = this.general, options: VisitOptions = {}): Promise<Page> {
    const page = await this.visit(person, { ...options, path: this.pathOf(channel) });
    await page.getByRole("heading", { level: 1, name: channel.name }).waitFor();
    return page;
  }

  pathOf(channel: P.Channel): string {
    return `/spaces/${channel.space_id}/channels/${channel.id}`;
  }
}

export interface HouseOptions extends ServerOptions {
  /** More flags for the browser. */
  flags?: () => string[];
  /** Nobody has registered yet. */
  empty?: boolean;
  /** Pages stay open from one test to the next. */
  keep?: boolean;
  /** They do, and after one that fails the rest is skipped: the tests are steps. */
  story?: boolean;
}

/** Gives a file of tests a house of its own. Whatever a page complains of fails the test. */
export function house(options: HouseOptions = {}): House {
  const home = new House();
  let broken = false;
  beforeAll(async () => {
    [home.server, home.browser] = await Promise.all([SnugServer.start(options), launch(options.flags?.())]);
    if (!options.empty) await home.settle();
  });
  beforeEach((context) => {
    if (options.story && broken) context.skip("a step before this one failed");
  });
  afterEach(async (context) => {
    const failed = context.task.result?.state === "fail";
    const pictures = () => home.visits.keepPictures(context.task.name);
    if (failed) await pictures();
    broken ||= failed;
    const faults = home.visits.takeFaults();
    if (!failed && faults.length > 0) await pictures();
    if (!options.story && !options.keep) await home.visits.closeAll();
    if (!failed) expect(faults, "a page complained").toEqual([]);
  });
  afterAll(async () => {
    await home.visits.closeAll();
    await home.browser?.close();
    await home.server?.dispose();
  });
  return home;
}
