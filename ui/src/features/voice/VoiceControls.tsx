import { IconButton } from "../../components/IconButton";
import { useSnug } from "../../state/context";
import css from "./controls.module.css";

/** Mute and deafen. `wide`: as the buttons of a bar. */
export function VoiceControls(props: { wide?: boolean }) {
  const { voice } = useSnug();
  const look = () => (props.wide ? css.wide : css.plain);
  return (
    <>
      <IconButton class={look()} icon={voice.muted() ? "micOff" : "mic"} label={voice.muted() ? "Unmute" : "Mute"} keys="Ctrl+Shift+M" aria-pressed={voice.muted()} onClick={() => voice.setMuted(!voice.muted())} />
      <IconButton class={look()} icon={voice.deafened() ? "headphonesOff" : "headphones"} label={voice.deafened() ? "Undeafen" : "Deafen"} keys="Ctrl+Shift+H" aria-pressed={voice.deafened()} onClick={() => voice.setDeafened(!voice.deafened())} />
    </>
  );
}
