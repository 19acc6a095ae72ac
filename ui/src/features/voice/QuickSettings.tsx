import { useNavigate } from "@solidjs/router";
import { Button } from "../../components/Button";
import { SegmentedControl } from "../../components/SegmentedControl";
import { settingsPath } from "../../paths";
import { useSnug } from "../../state/context";
import { openDebug } from "../debug/open";
import { createDevices } from "./devices";
import { DeviceSelects } from "./DeviceSelects";
import { LevelMeter } from "./LevelMeter";
import { MODES } from "./modes";
import css from "./settings.module.css";

/** What one changes in the middle of a call. */
export function QuickSettings() {
  const { preferences, voice } = useSnug();
  const navigate = useNavigate();
  const found = createDevices();
  return (
    <div class={css.quick}>
      <DeviceSelects found={found} />
      <LevelMeter meter={voice.meter()} threshold={preferences.voice.mode === "activity" ? preferences.voice.threshold : undefined} />
      <SegmentedControl small label="Send my voice" value={preferences.voice.mode} options={MODES.map(({ value, short }) => ({ value, label: short }))} onChange={(mode) => voice.change({ mode })} />
      <Button small icon="settings" onClick={() => navigate(settingsPath("voice"))}>
        All voice settings
      </Button>
      <Button small kind="quiet" icon="chart" onClick={openDebug}>
        Diagnostics
      </Button>
    </div>
  );
}
