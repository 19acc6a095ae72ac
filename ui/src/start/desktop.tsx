import { createRoot } from "solid-js";
import { render } from "solid-js/web";
import { desktopHarbour } from "../backend/desktop/harbour";
import { desktop } from "../backend/desktop/ipc";
import { nativeEngine } from "../backend/desktop/voice";
import { toast } from "../components/Toast";
import { createFleet } from "../state/fleet";
import { DesktopApp } from "../views/DesktopApp";

/* In the desktop app: the page is bundled, and there may be many servers. */

const engine = nativeEngine(desktop.voice);
const fleet = createRoot(() => createFleet(desktopHarbour(() => Promise.resolve(engine))));

addEventListener("focus", () => {
  for (const entry of fleet.entries) fleet.account(entry.id)?.snug.connection.wake();
});

addEventListener("pagehide", () => fleet.leave());

/** Of a call that no account goes on with. */
const settle = (): void => {
  if (!fleet.entries.some((entry) => fleet.account(entry.id)?.snug.voice.channel())) void desktop.voice.command({ type: "leave" });
};

fleet.load().then(settle).catch((thrown: Error) => toast({ kind: "error", text: thrown.message, lasts: 3_600_000 }));

render(() => <DesktopApp fleet={fleet} />, document.getElementById("app")!);
