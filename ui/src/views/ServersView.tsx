import { createSignal, Show } from "solid-js";
import { Button } from "../components/Button";
import { Note } from "../components/Note";
import { Mark } from "../features/auth/AuthFrame";
import { AddServer } from "../features/servers/AddServer";
import { useFleet } from "../features/servers/context";
import { ServerOrder } from "../features/servers/ServerOrder";
import css from "../features/servers/servers.module.css";

/** The first screen of the desktop app, and where servers are added and removed. */
export function ServersView() {
  const fleet = useFleet()!;
  const [adding, setAdding] = createSignal(false);
  const none = () => fleet.entries.length === 0;
  return (
    <main class={css.page}>
      <div class={css.card}>
        <header class={css.head}>
          <Mark />
          <h1>{none() ? "Welcome to Snug" : "Servers"}</h1>
          <Show when={none()}>
            <p>Where do your friends meet? Paste the link that one of them sent you, or the address of their server.</p>
          </Show>
        </header>
        <Show when={!none()}>
          <ServerOrder />
        </Show>
        <Show when={none() || adding() || fleet.asked() !== null} fallback={<Button onClick={() => setAdding(true)}>Add a server</Button>}>
          <AddServer onAdded={() => setAdding(false)} />
        </Show>
        <Show when={fleet.kept() === "file"}>
          <Note warn>
            This desktop has no keyring, so log-ins are kept in an encrypted file whose key lies beside it: whoever can read your files can read them too. With gnome-keyring, KWallet or KeePassXC running, new log-ins go there.
          </Note>
        </Show>
      </div>
    </main>
  );
}
