import { useNavigate } from "@solidjs/router";
import { Show } from "solid-js";
import { Button } from "../../components/Button";
import { Kbd } from "../../components/Kbd";
import { RadioGroup } from "../../components/RadioGroup";
import { Section } from "../../components/Section";
import { Switch } from "../../components/Switch";
import { settingsPath } from "../../paths";
import { useSnug } from "../../state/context";
import { DEBUG_KEYS, openDebug } from "../debug/open";
import { useGlobalKeys } from "../shortcuts/context";
import { createDevices } from "./devices";
import { DeviceSelects } from "./DeviceSelects";
import { KeyCapture } from "./KeyCapture";
import { MicCheck } from "./MicCheck";
import { MODES } from "./modes";
import css from "./settings.module.css";

/** What is set about voice on this device. */
export default function VoicePage() {
  const { preferences, voice } = useSnug();
  const navigate = useNavigate();
  const found = createDevices();
  const set = () => preferences.voice;
  return (
    <>
      <Section title="Devices" hint="What you pull while you talk is replaced by the default, and comes back when it is plugged in again.">
        <DeviceSelects found={found} />
        <div>
          <Button small icon="speaker" onClick={() => void voice.engine().then((engine) => engine.cue("test", set().output))}>
            Play a test sound
          </Button>
        </div>
      </Section>
      <Section title="When others hear you">
        <RadioGroup label="Send my voice" hideLabel value={set().mode} options={MODES} onChange={(mode) => voice.change({ mode })} />
        <Show when={set().mode === "push"}>
          <KeyCapture code={set().key} onCapture={(key) => voice.change({ key })} />
          <Show when={useGlobalKeys()} fallback={<p class={css.hint}>This key works while this page has the focus.</p>}>
            <p class={css.hint}>This key works while Snug has the focus.</p>
            <div>
              <Button small icon="keyboard" onClick={() => navigate(settingsPath("keys"))}>
                Choose one that works from anywhere
              </Button>
            </div>
          </Show>
        </Show>
      </Section>
      <Section title="Microphone">
        <MicCheck auto={found.devices()?.named === true} onOpened={found.look} />
      </Section>
      <Section title="Sound" hint="Changed while you talk, it takes effect at once.">
        <Switch label="Echo cancellation" hint="Takes out what comes from your speakers. With headphones you can do without." checked={set().echo} onChange={(echo) => voice.change({ echo })} />
        <Switch label="Noise suppression" hint="Takes out fans, keyboards and the street." checked={set().noise} onChange={(noise) => voice.change({ noise })} />
        <Switch label="Even loudness" hint="Brings your voice to the loudness of others, in software: the system's own level is left alone." checked={set().gain} onChange={(gain) => voice.change({ gain })} />
        <Switch label="Even out the others" hint="Brings everyone to about the same loudness. How loud somebody is for you is set on their card." checked={set().even} onChange={(even) => voice.change({ even })} />
      </Section>
      <Section title="Signals">
        <Switch label="Sounds of coming and going" hint="Also when you mute yourself." checked={set().cues} onChange={(cues) => voice.change({ cues })} />
      </Section>
      <Section title="When something is wrong" hint="What voice measures of itself, as it happens: devices, network, and everyone you hear. With a report to send to whoever helps you.">
        <div class={css.key}>
          <Button small icon="chart" onClick={openDebug}>
            Show diagnostics
          </Button>
          <Kbd keys={DEBUG_KEYS} />
        </div>
      </Section>
      <p class={css.hint}>All of this is kept on this device.</p>
    </>
  );
}
