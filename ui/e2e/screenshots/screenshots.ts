import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { launch } from "../harness/browser";
import { Gallery } from "../harness/gallery";
import { House } from "../harness/house";
import { scene, SCREENS } from "../harness/screens";
import { SnugServer } from "../harness/server";
import { voiceFlags } from "../harness/voice";
import { NARROW, PHONE, WIDE } from "../harness/visits";

/*
 * Takes a picture of every screen, wide, narrow and on a phone, light and dark:
 * npm run screenshots -- [FOLDER [PART OF A NAME…]]
 */

const SIZES = { wide: WIDE, narrow: NARROW, phone: PHONE };

export async function main([folder = join(tmpdir(), "snug-screenshots"), ...parts]: string[]): Promise<void> {
  const into = resolve(folder);
  await mkdir(into, { recursive: true });
  const home = new House();
  try {
    [home.server, home.browser] = await Promise.all([SnugServer.start(), launch(voiceFlags())]);
    await home.settle();
    const made = await scene(home);
    const screens = SCREENS.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
    for (const [size, pixels] of Object.entries(SIZES)) {
      const gallery = new Gallery(home, () => made, pixels);
      for (const screen of screens) {
        const page = await gallery.show(screen);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          await page.evaluate(atRest);
          await page.screenshot({ path: join(into, `${screen.name.replace(/[^a-z0-9]+/gi, "-")}.${size}.${colorScheme}.png`) });
        }
        console.log(`${size}: ${screen.name}`);
      }
      // Nobody is left in voice.
      await home.visits.closeAll();
    }
    console.log(`All of them are in ${into}`);
  } finally {
    await home.visits.closeAll();
    await home.browser?.close();
    await home.server?.dispose();
  }
}

/** In the page: waits until what moves or fades has come to its end. */
async function atRest(): Promise<void> {
  const ending = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
  await Promise.all(ending.map((one) => one.finished.catch(() => undefined)));
}
