import type { House } from "../harness/house";
import type { Person } from "../harness/person";
import { type BrowserFriend, chromiumFriend } from "../interop/friends";
import { addServer, logIn, type Stage } from "./stage";
import type { AppWindow } from "./webdriver";

/** A call of two: Nora in the app, and Ada in Chromium. */
export interface DesktopCall {
  nora: Person;
  window: AppWindow;
  ada: BrowserFriend;
}

/** Opens the app, and begins the call. What Ada says lies in `folder`. */
export async function beginCall(home: House, desktop: Stage, folder: string): Promise<DesktopCall> {
  const nora = await home.friend("nora");
  const window = await desktop.open();
  await addServer(window, home.base);
  await logIn(window, nora);
  const ada = await chromiumFriend(home, "ada", folder, 0);
  await window.see("link", /^Fireside, voice channel/).click();
  await window.reads("In Fireside");
  return { nora, window, ada };
}
