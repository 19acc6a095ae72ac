import { useNavigate } from "@solidjs/router";
import { For, onCleanup } from "solid-js";
import { Dialog } from "../../components/Dialog";
import { Kbd } from "../../components/Kbd";
import { settingsPath } from "../../paths";
import { setShortcutsOpen, shortcutsOpen } from "./open";
import { createChannelSteps } from "./steps";
import css from "./shortcuts.module.css";

const GROUPS: { title: string; keys: [keys: string, what: string][] }[] = [
  {
    title: "Anywhere",
    keys: [
      ["Ctrl+K", "Go to a channel, space or person"],
      ["Ctrl+/", "These shortcuts"],
      ["Ctrl+,", "Settings"],
      ["Alt+↑", "Channel above"],
      ["Alt+↓", "Channel below"],
      ["Alt+Shift+↑", "Unread channel above"],
      ["Alt+Shift+↓", "Unread channel below"],
      ["Ctrl+Alt+↑", "Space above"],
      ["Ctrl+Alt+↓", "Space below"],
    ],
  },
  {
    title: "In voice",
    keys: [
      ["Ctrl+Shift+M", "Mute yourself, or not"],
      ["Ctrl+Shift+H", "Deafen yourself, or not"],
      ["Ctrl+Shift+D", "How voice is, in figures"],
    ],
  },
  {
    title: "On a message",
    keys: [
      ["↑", "Message above"],
      ["↓", "Message below"],
      ["R", "Reply"],
      ["E", "Edit"],
      ["Plus", "React"],
      ["Del", "Delete"],
      ["Shift+F10", "Menu"],
    ],
  },
  {
    title: "Writing",
    keys: [
      ["Enter", "Send"],
      ["Shift+Enter", "New line"],
      ["↑", "Edit your last message"],
      ["Esc", "Do not reply, or go to the newest message"],
      ["Ctrl+B", "Bold"],
      ["Ctrl+I", "Italic"],
      ["Ctrl+U", "Underline"],
      ["Ctrl+E", "Code"],
      ["@", "Mention somebody, or a role"],
      ["#", "Mention a channel"],
      [":", "Emoji"],
    ],
  },
  {
    title: "On a channel in the list",
    keys: [
      ["Alt+↑", "Move it up"],
      ["Alt+↓", "Move it down"],
    ],
  },
];

/** The page of keyboard shortcuts, and those of them that work anywhere. */
export function Shortcuts() {
  const navigate = useNavigate();
  const step = createChannelSteps();
  const keys = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const modified = event.ctrlKey || event.metaKey;
    if (modified && event.key === "/") setShortcutsOpen((open) => !open);
    else if (modified && event.key === ",") navigate(settingsPath());
    else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) step(event.key === "ArrowUp" ? -1 : 1, modified ? "space" : event.shiftKey ? "unread" : "channel");
    else return;
    event.preventDefault();
  };
  addEventListener("keydown", keys);
  onCleanup(() => removeEventListener("keydown", keys));
  return (
    <Dialog wide open={shortcutsOpen()} onOpenChange={setShortcutsOpen} title="Keyboard shortcuts">
      <div class={css.groups} role="group" aria-label="Keyboard shortcuts" tabIndex={0}>
        <For each={GROUPS}>
          {(group) => (
            <section>
              <h3 class={css.title}>{group.title}</h3>
              <dl class={css.keys}>
                <For each={group.keys}>
                  {([keys, what]) => (
                    <div class={css.line}>
                      <dt>{what}</dt>
                      <dd>
                        <Kbd keys={keys} />
                      </dd>
                    </div>
                  )}
                </For>
              </dl>
            </section>
          )}
        </For>
      </div>
    </Dialog>
  );
}
