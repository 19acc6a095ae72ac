import { Show } from "solid-js";
import { desktop } from "../../backend/desktop/ipc";
import { createAction } from "../../components/action";
import { ErrorNote } from "../../components/ErrorNote";
import { createLoad } from "../../components/load";
import { Loaded } from "../../components/Loaded";
import { Note } from "../../components/Note";
import { Section } from "../../components/Section";
import { Switch } from "../../components/Switch";
import { useUpdates } from "../updates/context";
import { UpdatesSection } from "../updates/UpdatesSection";
import type { ShellSettings } from "../../protocol/desktop";

/** How the desktop app behaves on this computer, whatever account is shown. */
export function DesktopPage() {
  const updates = useUpdates();
  const shell = createLoad(desktop.shell.look);
  const save = createAction(async (part: Partial<ShellSettings>) => {
    const settings = { ...shell.value()!.settings, ...part };
    await desktop.shell.set(settings);
    shell.set((now) => ({ ...now, settings }));
  });
  return (
    <Loaded of={shell} what="the settings">
      {(now) => (
        <>
          <Section title="With your session" hint="On this computer, for all your accounts.">
            <Switch label="Start when I log in" hint="So that friends can reach you without you thinking of it." checked={now().settings.autostart} onChange={(autostart) => void save.run({ autostart })} />
            <Switch
              label="Start in the tray"
              hint="Without the window. Click the icon in the tray to see it."
              checked={now().settings.hidden}
              disabled={!now().settings.autostart}
              onChange={(hidden) => void save.run({ hidden })}
            />
          </Section>
          <Section title="The window">
            <Switch
              label="Stay in the tray when I close the window"
              hint="Calls go on, and messages are told. Quit from the icon in the tray."
              checked={now().settings.close_to_tray}
              onChange={(close_to_tray) => void save.run({ close_to_tray })}
            />
            <Show when={!now().tray}>
              <Note>
                This desktop shows no tray just now, so closing the window quits Snug. GNOME has a tray with the extension “AppIndicator and KStatusNotifierItem Support”; once there is one, Snug appears in it by itself.
              </Note>
            </Show>
            <ErrorNote error={save.error()} />
          </Section>
          <Show when={updates}>{(found) => <UpdatesSection updates={found()} />}</Show>
        </>
      )}
    </Loaded>
  );
}
