import { Match, Show, Switch } from "solid-js";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { SettingsPage } from "../../components/SettingsPage";
import { useSnug } from "../../state/context";
import { PeoplePage } from "./PeoplePage";
import { RegistrationPage } from "./RegistrationPage";
import { ServerPage } from "./ServerPage";

/** What administrators of the server set. `page` is `overview`, `registration`, `people`, or nothing for the first (on a phone: the list). */
export default function AdminSettings(props: { page: string | undefined; onPage: (page: string | undefined) => void; onClose: () => void }) {
  const { state } = useSnug();
  const page = () => props.page ?? "overview";
  return (
    <Show
      when={state.account?.admin}
      fallback={
        <main>
          <EmptyState icon="lock" title="For administrators of the server" action={<Button onClick={() => props.onClose()}>Back</Button>}>
            The server's owner can make you one.
          </EmptyState>
        </main>
      }
    >
      <SettingsPage
        title="Administration"
        current={props.page}
        onPick={props.onPage}
        onClose={props.onClose}
        groups={[
          {
            label: "Server",
            items: [
              { id: "overview", label: "Overview", icon: "chart" },
              { id: "registration", label: "Registration", icon: "door" },
            ],
          },
          { label: "Accounts", items: [{ id: "people", label: "People", icon: "people", count: state.knocks ?? undefined }] },
        ]}
      >
        <Switch>
          <Match when={page() === "overview"}>
            <ServerPage onPeople={() => props.onPage("people")} />
          </Match>
          <Match when={page() === "registration"}>
            <RegistrationPage />
          </Match>
          <Match when={page() === "people"}>
            <PeoplePage />
          </Match>
        </Switch>
      </SettingsPage>
    </Show>
  );
}
