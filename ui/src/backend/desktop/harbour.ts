import type { Harbour } from "../../state/fleet";
import { browserShelf } from "../storage";
import type { World } from "../world";
import { desktop } from "./ipc";
import { desktopWorld } from "./world";

/** What the desktop app gives the fleet. */
export function desktopHarbour(voice: World["voice"]): Harbour {
  return {
    servers: desktop.servers,
    add: desktop.add,
    know: desktop.know,
    remove: desktop.remove,
    order: desktop.order,
    pin: desktop.pin,
    world: (entry, reached) => desktopWorld(entry, voice, reached),
    shelf: browserShelf(),
    passing: browserShelf(() => sessionStorage),
  };
}
