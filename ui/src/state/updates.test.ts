import { describe, expect, it } from "vitest";
import { memoryShelf } from "../backend/storage";
import type { CheckedUpdate, UpdateProgress, Updating } from "../protocol/desktop";
import { fakeClock, settle } from "../testing/clock";
import { createUpdates } from "./updates";

const HOUR = 3_600_000;
const newer = (version: string): CheckedUpdate => ({ found: "newer", update: { version, date: null, notes: null } });

function world(change: Partial<Updating> = {}) {
  const clock = fakeClock();
  const shelf = memoryShelf();
  const desktop = {
    status: { version: "1.0.0", way: { by: "itself", server: "snug.example", package: "deb" }, installed: null, ...change } as Updating,
    answer: { found: "newest" } as CheckedUpdate,
    down: false,
    looks: 0,
    installing: undefined as { told: (progress: UpdateProgress) => void; done: () => void; failed: (why: Error) => void } | undefined,
  };
  const updates = createUpdates(
    {
      status: () => Promise.resolve({ ...desktop.status }),
      check: () => {
        desktop.looks += 1;
        return desktop.down ? Promise.reject(new Error("not reached")) : Promise.resolve(desktop.answer);
      },
      install: (told) => new Promise((done, failed) => (desktop.installing = { told, done, failed })),
      start: () => Promise.resolve(),
    },
    shelf,
    clock.timer,
    clock.now,
  );
  return { clock, shelf, desktop, updates };
}

describe("updates", () => {
  it("are looked for soon after the start, and once a day", async () => {
    const { clock, desktop, updates } = world();
    await updates.watch();
    expect(desktop.looks).toBe(0);
    await clock.advance(20_000);
    expect(desktop.looks).toBe(1);
    await clock.advance(23 * HOUR);
    expect(desktop.looks).toBe(1);
    await clock.advance(2 * HOUR);
    expect(desktop.looks).toBe(2);
  });

  it("are told of once", async () => {
    const { clock, desktop, updates } = world();
    desktop.answer = newer("1.1.0");
    await updates.watch();
    await clock.advance(20_000);
    const first = updates.news();
    expect(first?.version).toBe("1.1.0");
    await clock.advance(25 * HOUR);
    expect(desktop.looks).toBe(2);
    expect(updates.news()).toBe(first);
    desktop.answer = newer("1.2.0");
    await clock.advance(25 * HOUR);
    expect(updates.news()?.version).toBe("1.2.0");
  });

  it("that somebody looked for are not told of again", async () => {
    const { desktop, updates } = world();
    desktop.answer = newer("1.1.0");
    await updates.watch();
    await updates.check();
    expect(updates.found()).toEqual(newer("1.1.0"));
    expect(updates.news()).toBeNull();
  });

  it("are looked for an hour later if nobody answered", async () => {
    const { clock, desktop, updates } = world();
    desktop.down = true;
    await updates.watch();
    await clock.advance(20_000);
    expect(desktop.looks).toBe(1);
    desktop.down = false;
    await clock.advance(HOUR);
    expect(desktop.looks).toBe(2);
    expect(updates.found()).toEqual({ found: "newest" });
  });

  it("are not looked for by a copy that others update, nor where that is switched off, nor once one is installed", async () => {
    for (const change of [{ way: { by: "others", why: "built" } }, { installed: "1.1.0" }] as Partial<Updating>[]) {
      const { clock, desktop, updates } = world(change);
      await updates.watch();
      await clock.advance(50 * HOUR);
      expect(desktop.looks).toBe(0);
    }
    const { clock, shelf, desktop, updates } = world();
    await updates.watch();
    updates.setAuto(false);
    await clock.advance(50 * HOUR);
    expect(desktop.looks).toBe(0);
    expect(shelf.get("snug.updates.auto")).toBe("false");
    updates.setAuto(true);
    await clock.advance(HOUR);
    expect(desktop.looks).toBe(1);
  });

  it("are installed step by step", async () => {
    const { desktop, updates } = world();
    desktop.answer = newer("1.1.0");
    await updates.watch();
    await updates.check();
    const work = updates.install();
    expect(updates.progress()).toEqual({ at: "download", bytes: 0, of: null });
    desktop.installing!.told({ at: "download", bytes: 5, of: 10 });
    expect(updates.progress()).toEqual({ at: "download", bytes: 5, of: 10 });
    desktop.installing!.told({ at: "install" });
    expect(updates.progress()).toEqual({ at: "install" });
    desktop.status.installed = "1.1.0";
    desktop.installing!.done();
    await work;
    expect(updates.progress()).toBeNull();
    expect(updates.status()?.installed).toBe("1.1.0");
  });

  it("that cannot be installed are still offered, and say why", async () => {
    const { desktop, updates } = world();
    desktop.answer = newer("1.1.0");
    await updates.watch();
    await updates.check();
    const work = updates.install();
    desktop.installing!.failed(new Error("forged"));
    await expect(work).rejects.toThrow("forged");
    await settle();
    expect(updates.progress()).toBeNull();
    expect(updates.found()).toEqual(newer("1.1.0"));
    expect(updates.status()?.installed).toBeNull();
  });
});
