import { Match, Show, Switch } from "solid-js";
import { Button } from "../../components/Button";
import { SettingsPage } from "../../components/SettingsPage";
import { useSnug } from "../../state/context";
import { useUpdates } from "../updates/context";
import { DesktopPage } from "../desktop/DesktopPage";
import { useFleet } from "../servers/context";
import { useGlobalKeys } from "../shortcuts/context";
import { GlobalKeysPage } from "../shortcuts/GlobalKeysPage";
import VoicePage from "../voice/VoicePage";
import { AccountPage } from "./AccountPage";
import { AppearancePage } from "./AppearancePage";
import { NotificationsPage } from "./NotificationsPage";
import { ProfilePage } from "./ProfilePage";
import { SessionsPage } from "./SessionsPage";

/** What one sets about oneself and this device. `page` is one of its pages, or nothing for the first (on a phone: the list). */
export default function AccountSettings(props: { page: string | undefined; onPage: (page: string | undefined) => void; onClose: () => void; onAdmin: () => void; onApi: () => void; onShortcuts: () => void }) {
  const snug = useSnug();
  const updates = useUpdates();
  const inDesktop = useFleet() !== undefined;
  const keys = useGlobalKeys();
  const page = () => props.page ?? "profile";
  return (
    <SettingsPage
      title="Settings"
      current={props.page}
      onPick={props.onPage}
      onClose={props.onClose}
      groups={[
        {
          label: "You",
          items: [
            { id: "profile", label: "Profile", icon: "person" },
            { id: "account", label: "Account", icon: "key" },
            { id: "sessions", label: "Sessions", icon: "screen" },
          ],
        },
        {
          label: "This device",
          items: [
            { id: "appearance", label: "Appearance", icon: "palette" },
            { id: "notifications", label: "Notifications", icon: "bell" },
            { id: "voice", label: "Voice", icon: "mic" },
            ...(inDesktop ? [{ id: "desktop", label: "Desktop app", icon: "home" as const, count: updates?.found()?.found === "newer" ? 1 : undefined }] : []),
            ...(keys ? [{ id: "keys", label: "Keys from anywhere", icon: "keyboard" as const }] : []),
          ],
        },
      ]}
      foot={
        <>
          <Button kind="quiet" icon="keyboard" onClick={() => props.onShortcuts()}>
            Keyboard shortcuts
          </Button>
          <Show when={snug.state.account?.admin}>
            <Button kind="quiet" icon="shield" onClick={() => props.onAdmin()}>
              Administration
            </Button>
          </Show>
          <Button kind="quiet" icon="code" onClick={() => props.onApi()}>
            API for programs
          </Button>
          <Button kind="quiet" icon="logOut" onClick={() => void snug.logOut()}>
            Log out
          </Button>
        </>
      }
    >
      <Show when={snug.state.account}>
        {(account) => (
          <Switch>
            <Match when={page() === "profile"}>
              <ProfilePage account={account()} />
            </Match>
            <Match when={page() === "account"}>
              <AccountPage account={account()} />
            </Match>
            <Match when={page() === "sessions"}>
              <SessionsPage />
            </Match>
            <Match when={page() === "appearance"}>
              <AppearancePage />
            </Match>
            <Match when={page() === "notifications"}>
              <NotificationsPage />
            </Match>
            <Match when={inDesktop && page() === "desktop"}>
              <DesktopPage />
            </Match>
            <Match when={page() === "voice"}>
              <VoicePage />
            </Match>
            <Match when={page() === "keys" && keys}>{(found) => <GlobalKeysPage keys={found()} />}</Match>
          </Switch>
        )}
      </Show>
    </SettingsPage>
  );
}
