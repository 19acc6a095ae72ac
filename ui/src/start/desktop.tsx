import { createRoot } from "solid-js";
import { render } from "solid-js/web";
import { desktopHarbour } from "../backend/desktop/harbour";
import { desktop } from "../backend/desktop/ipc";
import { nativeEngine } from "../backend/desktop/voice";
import { browserShelf } from "../backend/storage";
import { steadyTimer } from "../backend/timer";
import { toast } from "../components/Toast";
import { createFleet } from "../state/fleet";
import { createUpdates } from "../state/updates";
import { DesktopApp } from "../views/DesktopApp";

/* In the desktop app: the page is bundled, and there may be many servers. */

const engine = nativeEngine(desktop.voice);
const fleet = createRoot(() => createFleet(desktopHarbour(() => Promise.resolve(engine))));
const updates = createRoot(() => createUpdates(desktop.updates, browserShelf(), steadyTimer(), Date.now));

addEventListener("focus", () => {
  for (const entry of fleet.entries) fleet.account(entry.id)?.snug.connection.wake();
});

fleet.load().catch((thrown: Error) => toast({ kind: "error", text: thrown.message, lasts: 3_600_000 }));
updates.start().catch((thrown: Error) => console.error(thrown.message));

render(() => <DesktopApp fleet={fleet} updates={updates} />, document.getElementById("app")!);
