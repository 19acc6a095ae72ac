import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { absurd } from "../../absurd";
import { Avatar } from "../../components/Avatar";
import { IconButton } from "../../components/IconButton";
import { Menu, type MenuEntry } from "../../components/Menu";
import { toast } from "../../components/Toast";
import { Refusal } from "../../backend/refusal";
import { settingsPath } from "../../paths";
import type { ChosenStatus, Status } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { statusOf } from "../../state/selectors";
import { isActive } from "../../state/voice/call";
import { VoiceControls } from "../voice/VoiceControls";
import { StatusDialog } from "./StatusDialog";
import css from "./me.module.css";

const WORDS: Record<ChosenStatus, string> = { online: "Online", idle: "Away", dnd: "Do not disturb", invisible: "Invisible" };

/** Oneself, at the foot of the column: presence, status, settings. In a call its mute and deafen are in the voice bar above. */
export function UserBar() {
  const snug = useSnug();
  const navigate = useNavigate();
  const [writing, setWriting] = createSignal(false);
  const account = () => snug.state.account;
  const change = async (status: ChosenStatus): Promise<void> => {
    try {
      await snug.api.me.update({ status });
    } catch (thrown) {
      toast({ kind: "error", text: Refusal.from(thrown).message });
    }
  };
  const items = (): MenuEntry[] => [
    { kind: "heading", label: "How others see you" },
    ...(Object.keys(WORDS) as ChosenStatus[]).map(
      (status): MenuEntry => ({ kind: "item", label: WORDS[status], ...(account()?.status === status ? { icon: "check" } : {}), run: () => void change(status) }),
    ),
    { kind: "separator" },
    { kind: "item", label: account()?.status_text ? "Change your status text" : "Set a status text", icon: "edit", run: () => setWriting(true) },
    { kind: "item", label: "Edit your profile", icon: "person", run: () => navigate(settingsPath("profile")) },
  ];
  return (
    <Show when={account()}>
      {(me) => (
        <footer class={css.bar} aria-label="You">
          <Menu
            items={items()}
            label="Your presence"
            placement="top-start"
            trigger={(trigger: object) => (
              <button type="button" {...trigger} class={css.me}>
                <Avatar id={me().id} name={me().display_name} src={snug.image(me().avatar)} size={32} status={shown(me().status, statusOf(snug.state, me().id))} />
                <span class={css.words}>
                  <span class={css.name}>{me().display_name}</span>
                  <small class={css.status}>{me().status_text || WORDS[me().status]}</small>
                </span>
                <span class="aloud">Change your presence</span>
              </button>
            )}
          />
          <Show when={!isActive(snug.voice.call())}>
            <VoiceControls />
          </Show>
          <IconButton icon="settings" label="Settings" keys="Ctrl+," onClick={() => navigate(settingsPath())} />
          <StatusDialog open={writing()} onOpenChange={setWriting} text={me().status_text} />
        </footer>
      )}
    </Show>
  );
}

/** One's own dot: what one chose, but for being online, which depends on being there. */
function shown(chosen: ChosenStatus, seen: Status): Status {
  switch (chosen) {
    case "online":
      return seen === "offline" ? "online" : seen;
    case "idle":
    case "dnd":
      return chosen;
    case "invisible":
      return "offline";
    default:
      return absurd(chosen);
  }
}
