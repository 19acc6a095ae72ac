import { beforeAll, expect, test } from "vitest";
import { violations } from "./axe";
import { Gallery } from "./gallery";
import { house } from "./house";
import { voiceFlags } from "./voice";
import { type Scene, scene, SCREENS } from "./screens";

/** Tests that axe-core finds nothing serious on any screen at this size, light and dark. */
export function everyScreenIsAccessible(size: { width: number; height: number }): void {
  const home = house({ keep: true, flags: voiceFlags });
  let made: Scene;
  const gallery = new Gallery(home, () => made, size);
  beforeAll(async () => {
    made = await scene(home);
  });
  for (const screen of SCREENS) {
    test(screen.name, async () => {
      const page = await gallery.show(screen);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page), colorScheme).toEqual([]);
      }
    });
  }
}
