import { createSignal, Match, Switch as Choose } from "solid-js";
import { Button } from "../../components/Button";
import { RadioGroup } from "../../components/RadioGroup";
import { Section } from "../../components/Section";
import { Switch } from "../../components/Switch";
import { useSnug } from "../../state/context";
import type { NotifyAbout } from "../../state/preferences";
import css from "./AppearancePage.module.css";

const ABOUT: { value: NotifyAbout; label: string; hint: string }[] = [
  { value: "everything", label: "Everything", hint: "Every message in channels that you are not looking at." },
  { value: "mentions", label: "Mentions and replies", hint: "Only when somebody means you, a role of yours, or everyone." },
  { value: "nothing", label: "Nothing", hint: "Counts in the list still show what is new." },
];

export function NotificationsPage() {
  const { notices, preferences, setPreferences } = useSnug();
  const [permission, setPermission] = createSignal(notices.permission());
  const setDesktop = async (on: boolean) => {
    const answer = on ? await notices.ask() : permission();
    setPermission(answer);
    setPreferences("notify", "desktop", on && answer === "granted");
  };
  const blocked = () => permission() === "denied" || permission() === "unavailable";

  return (
    <>
      <Section title="Tell me about" hint="On this device, while you look elsewhere. Do not disturb keeps everything quiet.">
        <RadioGroup label="Tell me about" hideLabel value={preferences.notify.about} options={ABOUT} onChange={(value) => setPreferences("notify", "about", value)} />
      </Section>
      <Section title="How">
        <Switch
          label="Desktop notifications"
          hint={
            <Choose fallback="Shown by your system, with the sender and the first words.">
              <Match when={permission() === "denied"}>
                The browser blocks them for this address. Allow them in its settings for this site, beside the address bar, and come back.
              </Match>
              <Match when={permission() === "unavailable"}>This browser offers them only over https, or on the machine that runs the server.</Match>
              <Match when={permission() === "default"}>The browser will ask you for permission.</Match>
            </Choose>
          }
          checked={preferences.notify.desktop && permission() === "granted"}
          disabled={blocked()}
          onChange={(on) => void setDesktop(on)}
        />
        <Switch label="Sound" hint="Two soft notes." checked={preferences.notify.sound} onChange={(on) => setPreferences("notify", "sound", on)} />
        <div class={css.hint}>
          <Button small icon="speaker" onClick={() => notices.ring()}>
            Hear it
          </Button>
        </div>
      </Section>
    </>
  );
}
