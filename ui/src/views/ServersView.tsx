import { createSignal, Show } from "solid-js";
import { Button } from "../components/Button";
import { confirm } from "../components/ConfirmDialog";
import { Menu } from "../components/Menu";
import { Note } from "../components/Note";
import { toast } from "../components/Toast";
import { Mark } from "../features/auth/AuthFrame";
import { AddServer } from "../features/servers/AddServer";
import { useFleet } from "../features/servers/context";
import { ServerList } from "../features/servers/ServerList";
import css from "../features/servers/servers.module.css";
import type { Entry } from "../protocol/desktop";

/** The first screen of the desktop app, and where servers are added and removed. */
export function ServersView() {
  const fleet = useFleet()!;
  const [adding, setAdding] = createSignal(false);
  const none = () => fleet.entries.length === 0;
  const remove = async (entry: Entry): Promise<void> => {
    const text = `You are logged out of ${entry.name} on this computer, and what you wrote and did not send there is lost. Your account stays.`;
    if (!(await confirm({ title: `Remove ${entry.name}?`, text, danger: true, action: "Remove" }))) return;
    await fleet.remove(entry.id).catch((thrown: Error) => toast({ kind: "error", text: thrown.message }));
  };
  const step = (entry: Entry, by: -1 | 1): void => {
    const ids = fleet.entries.map((one) => one.id);
    const at = ids.indexOf(entry.id);
    ids.splice(at, 1);
    ids.splice(at + by, 0, entry.id);
    fleet.order(ids).catch((thrown: Error) => toast({ kind: "error", text: thrown.message }));
  };
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
          <ServerList
            onChoose={fleet.show}
            end={(entry) => (
              <Menu
                label={`What to do with ${entry.name}`}
                size="s"
                items={[
                  { kind: "item", label: "Move up", disabled: fleet.entries[0]?.id === entry.id, run: () => step(entry, -1) },
                  { kind: "item", label: "Move down", disabled: fleet.entries.at(-1)?.id === entry.id, run: () => step(entry, 1) },
                  { kind: "separator" },
                  { kind: "item", label: "Remove", icon: "trash", danger: true, run: () => void remove(entry) },
                ]}
              />
            )}
          />
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
