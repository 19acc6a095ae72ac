import { createRoot } from "solid-js";
import { render } from "solid-js/web";
import { desktopHarbour } from "../backend/desktop/harbour";
import { desktop } from "../backend/desktop/ipc";
import { nativeEngine } from "../backend/desktop/voice";
import { toast } from "../components/Toast";
import { createFleet } from "../state/fleet";
import { createGlobalKeys } from "../state/globalKeys";
import { once } from "../state/once";
import { DesktopApp } from "../views/DesktopApp";

/* In the desktop app: the page is bundled, and there may be many servers. */

const engine = nativeEngine(desktop.voice);
const fleet = createRoot(() => createFleet(desktopHarbour(() => Promise.resolve(engine))));
const keys = createRoot(() => createGlobalKeys(desktop.shortcuts, () => fleet.speaking()?.snug.voice, once));

addEventListener("focus", () => {
  for (const entry of fleet.entries) fleet.account(entry.id)?.snug.connection.wake();
});

fleet.load().catch((thrown: Error) => toast({ kind: "error", text: thrown.message, lasts: 3_600_000 }));

render(() => <DesktopApp fleet={fleet} keys={keys} />, document.getElementById("app")!);
