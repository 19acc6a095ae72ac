import { createRoot } from "solid-js";
import { render } from "solid-js/web";
import { browserWorld } from "../backend/browser";
import { doubtBy } from "../backend/insist";
import { visit } from "../backend/place";
import { toast } from "../components/Toast";
import { Docked } from "../features/debug/Docked";
import { watchActivity } from "../state/activity";
import { watchNotices } from "../state/notices";
import { createSnug } from "../state/snug";
import { App } from "../views/App";
import { aboutBrowser } from "./about";

/** In a browser: the page is from the one server that there is. */
export function startBrowser(): void {
  doubtBy({
    reachable: async () => (await fetch("/", { method: "HEAD", cache: "no-store" }).catch(() => undefined))?.ok ?? false,
    outdated: () => void toast({ text: "A part of this page is no longer there. The server may be newer than the page.", action: { label: "Reload", run: () => location.reload() }, kind: "error", lasts: 3_600_000 }),
  });

  const snug = createSnug(browserWorld());

  createRoot(() => {
    watchActivity(snug);
    watchNotices(snug, { shown: () => true, open: visit });
  });

  addEventListener("online", () => snug.connection.network(true));
  addEventListener("offline", () => snug.connection.network(false));
  // A call ends with its page, at once and not when the server notices.
  addEventListener("pagehide", () => snug.voice.leave());
  addEventListener("focus", () => snug.connection.wake());
  if (!navigator.onLine) snug.connection.network(false);

  const about = () => aboutBrowser(async () => (await snug.api.server()).version);
  render(
    () => (
      <Docked engine={snug.voice.engine} about={about} nameOf={(user) => snug.state.users[user]?.display_name}>
        <App snug={snug} />
      </Docked>
    ),
    document.getElementById("app")!,
  );
}
