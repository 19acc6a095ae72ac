import { beforeAll, describe, expect, test } from "vitest";
import { violations } from "./harness/axe";
import { house } from "./harness/house";
import { type Scene, scene, type Screen, SCREENS } from "./harness/screens";
import { PHONE, WIDE } from "./harness/visits";

/* axe-core finds nothing serious on any screen, light and dark, wide and on a phone. */

const home = house();
let made: Scene;

beforeAll(async () => {
  made = await scene(home);
});

async function look(screen: Screen, size: { width: number; height: number }): Promise<void> {
  home.visits.allow(/status of 4\d\d/, /ERR_INTERNET_DISCONNECTED/, /WebSocket connection to/);
  await home.owner.api.admin.updateSettings({ registration: screen.mode ?? "open", server_password: screen.serverPassword ?? "" });
  const page = await home.visit(screen.who(made), { path: screen.path(made), size, bypassCSP: true });
  await screen.ready(page, made);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page), `${screen.name}, ${colorScheme}, ${size.width} px wide`).toEqual([]);
  }
}

for (const [size, how] of [[WIDE, "wide"], [PHONE, "on a phone"]] as const) {
  describe(how, () => {
    for (const screen of SCREENS) test(screen.name, () => look(screen, size));
  });
}
