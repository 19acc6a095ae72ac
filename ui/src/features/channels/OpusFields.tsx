import type { Draft } from "../../components/draft";
import { Slider } from "../../components/Slider";
import { Switch } from "../../components/Switch";
import { LIMITS } from "../../protocol/constants";
import type { ChannelForm } from "./ChannelFields";

/** How voices are encoded, as it is edited. */
export type OpusForm = { opus_bitrate: number; opus_dtx: boolean; opus_fec: boolean };

const STEP = 8_000;

/** What the bitrate is good for. */
function bitrateWords(bitrate: number): string {
  const kb = `${Math.round(bitrate / 1_000)} kb/s`;
  if (bitrate < 24_000) return `${kb}, for narrow lines`;
  if (bitrate < 48_000) return `${kb}, clear speech`;
  if (bitrate <= 96_000) return `${kb}, full voices`;
  return `${kb}, for music`;
}

/** The voices of a voice channel. What is changed takes effect while people talk. */
export function OpusFields(props: { draft: Draft<ChannelForm> }) {
  const bitrate = () => props.draft.get("opus_bitrate");
  return (
    <>
      <Slider label="Bitrate of each voice" min={LIMITS.opusBitrateMin} max={LIMITS.opusBitrateMax} step={STEP} value={bitrate()} words={bitrateWords(bitrate())} onInput={(value) => props.draft.set("opus_bitrate", value)} />
      <Switch label="Repair lost packets" hint="Sends what repairs a loss along with what follows (FEC). Good on Wi-Fi and mobile networks." checked={props.draft.get("opus_fec")} onChange={(on) => props.draft.set("opus_fec", on)} />
      <Switch label="Send less in silence" hint="Saves bandwidth while nobody speaks (DTX)." checked={props.draft.get("opus_dtx")} onChange={(on) => props.draft.set("opus_dtx", on)} />
    </>
  );
}
