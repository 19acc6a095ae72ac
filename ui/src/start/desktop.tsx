import { createEffect, createMemo, createRoot } from "solid-js";
import { render } from "solid-js/web";
import { desktopHarbour } from "../backend/desktop/harbour";
import { desktop } from "../backend/desktop/ipc";
import { mendLanguage } from "../backend/desktop/language";
import { openOutside } from "../backend/desktop/outside";
import { nativeEngine } from "../backend/desktop/voice";
import { browserShelf } from "../backend/storage";
import { steadyTimer } from "../backend/timer";
import { toast } from "../components/Toast";
import type { UserId } from "../protocol/generated";
import { Docked } from "../features/debug/Docked";
import { createFleet } from "../state/fleet";
import { obey, trayState, wakeAll } from "../state/shell";
import { createGlobalKeys } from "../state/globalKeys";
import { once } from "../state/once";
import { createUpdates } from "../state/updates";
import { DesktopApp } from "../views/DesktopApp";
import { aboutDesktop } from "./about";

/* In the desktop app: the page is bundled, and there may be many servers. */

mendLanguage(navigator);

const engine = nativeEngine(desktop.voice);
const fleet = createRoot(() => createFleet(desktopHarbour(() => Promise.resolve(engine))));
const keys = createRoot(() => createGlobalKeys(desktop.shortcuts, () => fleet.speaking()?.snug.voice, once));
const updates = createRoot(() => createUpdates(desktop.updates, browserShelf(), steadyTimer(), Date.now));

const complain = (thrown: Error): void => void toast({ kind: "error", text: thrown.message });

addEventListener("focus", () => wakeAll(fleet));
openOutside((link) => void desktop.shell.openLink(link).catch(complain));

createRoot(() => {
  const tray = createMemo(() => trayState(fleet), undefined, { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) });
  createEffect(() => void desktop.shell.tray(tray()).catch(complain));
});

addEventListener("pagehide", () => fleet.leave());

/** Of a call that no account goes on with. */
const settle = (): void => {
  if (!fleet.entries.some((entry) => fleet.account(entry.id)?.snug.voice.channel())) void desktop.voice.command({ type: "leave" });
};

// What was clicked while there was no window is told at once: it leads to accounts, so these come first.
fleet
  .load()
  .then(settle)
  .then(() => desktop.shell.attach((update) => obey(fleet, update)))
  .catch((thrown: Error) => toast({ kind: "error", text: thrown.message, lasts: 3_600_000 }));

updates.watch().catch((thrown: Error) => console.error(thrown.message));

/** What somebody is called; whichever account talks knows them. */
const nameOf = (user: UserId): string | undefined => {
  const states = fleet.entries.flatMap(({ id }) => fleet.account(id)?.snug ?? []).toSorted((a, b) => Number(b.voice.channel() !== null) - Number(a.voice.channel() !== null));
  return states.map(({ state }) => state.users[user]?.display_name).find((name) => name !== undefined);
};

render(
  () => (
    <Docked engine={() => Promise.resolve(engine)} about={aboutDesktop} nameOf={nameOf}>
      <DesktopApp fleet={fleet} keys={keys} updates={updates} />
    </Docked>
  ),
  document.getElementById("app")!,
);
