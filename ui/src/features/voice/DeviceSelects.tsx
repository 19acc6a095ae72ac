import { Show } from "solid-js";
import { Select } from "../../components/Select";
import { useSnug } from "../../state/context";
import { choicesOf, createDevices, fromChoice, toChoice } from "./devices";

/** Which microphone and which output. */
export function DeviceSelects(props: { found: ReturnType<typeof createDevices> }) {
  const { preferences, voice } = useSnug();
  const devices = () => props.found.devices();
  return (
    <>
      <Select
        label="Microphone"
        value={toChoice(preferences.voice.device)}
        options={choicesOf(devices()?.inputs ?? [], preferences.voice.device)}
        onChange={(value) => voice.change({ device: fromChoice(value) })}
      />
      <Show when={devices()?.choosesOutput !== false}>
        <Select
          label="Output"
          value={toChoice(preferences.voice.output)}
          options={choicesOf(devices()?.outputs ?? [], preferences.voice.output)}
          onChange={(value) => voice.change({ output: fromChoice(value) })}
        />
      </Show>
    </>
  );
}
