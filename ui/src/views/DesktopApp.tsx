import { Show } from "solid-js";
import { ConfirmDialog } from "../components/ConfirmDialog";
import { Spinner } from "../components/Spinner";
import { Toasts } from "../components/Toast";
import { FleetContext } from "../features/servers/context";
import { GlobalKeysContext } from "../features/shortcuts/context";
import { UpdatesContext } from "../features/updates/context";
import { UpdateNotice } from "../features/updates/UpdateNotice";
import type { Fleet } from "../state/fleet";
import type { GlobalKeys } from "../state/globalKeys";
import type { Updates } from "../state/updates";
import { App } from "./App";
import { ServersView } from "./ServersView";

/** The desktop app: the app of the account that is shown, or the list of servers. */
export function DesktopApp(props: { fleet: Fleet; keys: GlobalKeys; updates: Updates }) {
  return (
    <FleetContext.Provider value={props.fleet}>
      <GlobalKeysContext.Provider value={props.keys}>
        <UpdatesContext.Provider value={props.updates}>
          <Show when={props.fleet.loaded()} fallback={<Spinner label="Starting" />}>
            <Show when={props.fleet.shown()} keyed fallback={<OnItsOwn />}>
              {(account) => <App snug={account.snug} />}
            </Show>
          </Show>
          <UpdateNotice updates={props.updates} />
        </UpdatesContext.Provider>
      </GlobalKeysContext.Provider>
    </FleetContext.Provider>
  );
}

function OnItsOwn() {
  return (
    <>
      <ServersView />
      <Toasts />
      <ConfirmDialog />
    </>
  );
}
