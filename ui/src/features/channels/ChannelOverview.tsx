import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { confirm } from "../../components/ConfirmDialog";
import { createDraft } from "../../components/draft";
import { ErrorNote } from "../../components/ErrorNote";
import { otherThan } from "../../components/faults";
import { SaveBar } from "../../components/SaveBar";
import { Section } from "../../components/Section";
import { toast } from "../../components/Toast";
import type { Channel } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { may } from "../spaces/can";
import { ChannelFields } from "./ChannelFields";
import { marked } from "./kinds";
import { formOf, saveChannel } from "./save";

/** Name, topic and limits of a channel, and its end. */
export function ChannelOverview(props: { channel: Channel; onDeleted: () => void }) {
  const { api, state } = useSnug();
  const draft = createDraft(() => formOf(props.channel));
  const save = createAction(async () => {
    await saveChannel(api, state, props.channel, draft.changes());
    toast({ text: "Channel saved", kind: "good" });
  });
  const empty = () => draft.get("name").trim() === "";

  const remove = createAction(async () => {
    const { id, space_id } = props.channel;
    const name = marked(props.channel);
    const yes = await confirm({
      title: `Delete ${name}?`,
      text:
        props.channel.kind === "category"
          ? "The channels in it stay, in no category, and keep what it said about who may do what. It can be restored under Channels."
          : "Nobody sees it any more. It can be restored, with all that was written, under Channels.",
      danger: true,
      action: props.channel.kind === "category" ? "Delete category" : "Delete channel",
    });
    if (!yes) return;
    await api.channels.delete(id);
    toast({
      text: `${name} is deleted.`,
      ...(may(state, space_id, "manage_channels") ? { action: { label: "Undo", run: () => void api.channels.restore(id).catch((refusal: Error) => toast({ text: refusal.message, kind: "error" })) } } : {}),
    });
    props.onDeleted();
  });

  return (
    <>
      <Section>
        <ChannelFields channel={props.channel} draft={draft} error={save.error()} />
      </Section>
      <Section danger title={props.channel.kind === "category" ? "Delete the category" : "Delete the channel"}>
        <ErrorNote error={remove.error()} />
        <div>
          <Button kind="soft-danger" icon="trash" busy={remove.busy()} onClick={() => void remove.run()}>
            Delete {marked(props.channel)}
          </Button>
        </div>
      </Section>
      <SaveBar
          dirty={draft.dirty()}
          busy={save.busy()}
          error={otherThan(save.error(), "name", "topic", "slow_mode_s", "user_limit")}
          blocked={empty() ? "A name is needed." : undefined}
          onSave={() => void save.run()}
          onReset={() => {
            draft.reset();
            save.clear();
          }}
        />
    </>
  );
}
