import { Show } from "solid-js";
import type { Draft } from "../../components/draft";
import { faultOf } from "../../components/faults";
import { Select } from "../../components/Select";
import { Slider } from "../../components/Slider";
import { TextArea } from "../../components/TextArea";
import { TextField } from "../../components/TextField";
import { LIMITS } from "../../protocol/constants";
import type { Channel, ChannelId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { allows, channelPermissions } from "../../state/permissions";
import { channelTree } from "../../state/selectors";
import { duration } from "../../text/dates";
import { may } from "../spaces/can";
import { PAUSES } from "./kinds";
import { OpusFields, type OpusForm } from "./OpusFields";

/** What is edited of a channel. */
export type ChannelForm = { name: string; topic: string; slow_mode_s: number; user_limit: number; parent_id: ChannelId | null } & OpusForm;

/** The largest limit that the slider offers; a larger one can be set through the API and is kept. */
const SLIDER_MOST = 50;

export function ChannelFields(props: { channel: Channel; draft: Draft<ChannelForm>; error: unknown }) {
  const { state } = useSnug();
  const kind = () => props.channel.kind;
  const pauses = () => [...new Set([...PAUSES, props.draft.get("slow_mode_s")])].sort((a, b) => a - b);
  const categories = () => channelTree(state, props.channel.space_id).flatMap((branch) => branch.category ?? []);
  /** In another category other people may see it: a matter of roles as well. */
  const mayMove = () => may(state, props.channel.space_id, "manage_channels") && allows(channelPermissions(state, props.channel.id), "manage_roles");
  const limit = () => props.draft.get("user_limit");

  return (
    <>
      <TextField
        label="Name"
        value={props.draft.get("name")}
        onInput={(value) => props.draft.set("name", value)}
        maxLength={LIMITS.channelName}
        error={props.draft.get("name").trim() === "" ? "A name is needed." : faultOf(props.error, "name")}
      />
      <Show when={kind() !== "category"}>
        <TextArea
          label="Topic"
          rows={2}
          value={props.draft.get("topic")}
          onInput={(value) => props.draft.set("topic", value)}
          maxLength={LIMITS.topic}
          hint="Shown at the top of the channel."
          error={faultOf(props.error, "topic")}
        />
        <Show when={categories().length > 0 && mayMove()}>
          <Select
            label="Category"
            value={props.draft.get("parent_id") ?? "none"}
            options={[{ value: "none", label: "None" }, ...categories().map((one) => ({ value: one.id, label: one.name, icon: "folder" as const }))]}
            onChange={(value) => props.draft.set("parent_id", value === "none" ? null : value)}
            hint="What the category says about who may do what holds here too."
          />
        </Show>
        <Select
          label="Slow mode"
          value={String(props.draft.get("slow_mode_s"))}
          options={pauses().map((seconds) => ({ value: String(seconds), label: seconds === 0 ? "Off" : `One message in ${duration(seconds * 1000)}` }))}
          onChange={(value) => props.draft.set("slow_mode_s", Number(value))}
          hint="For everyone but those who manage messages or channels here."
          error={faultOf(props.error, "slow_mode_s")}
        />
      </Show>
      <Show when={kind() === "voice"}>
        <Slider
          label="People at once"
          min={0}
          max={Math.max(SLIDER_MOST, limit())}
          step={1}
          value={limit()}
          words={limit() === 0 ? "No limit" : `Up to ${limit()}`}
          onInput={(value) => props.draft.set("user_limit", value)}
        />
        <OpusFields draft={props.draft} />
      </Show>
    </>
  );
}
