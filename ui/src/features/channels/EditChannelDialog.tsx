import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { createDraft } from "../../components/draft";
import { ErrorNote } from "../../components/ErrorNote";
import { otherThan } from "../../components/faults";
import type { Channel } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { ChannelFields } from "./ChannelFields";
import { marked } from "./kinds";
import { formOf, saveChannel } from "./save";

/** Name, topic and limits of a channel, at hand; `onMore` leads to all of its settings. Mount it while it is wanted. */
export function EditChannelDialog(props: { channel: Channel; onClose: () => void; onMore: () => void }) {
  const { api, state } = useSnug();
  const draft = createDraft(() => formOf(props.channel));
  const save = createAction(async () => {
    await saveChannel(api, state, props.channel, draft.changes());
    props.onClose();
  });
  const ready = () => draft.dirty() && draft.get("name").trim() !== "";
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && props.onClose()}
      title={`Edit ${marked(props.channel)}`}
      onSubmit={() => ready() && void save.run()}
      footer={
        <>
          <Button
            kind="quiet"
            onClick={() => {
              props.onClose();
              props.onMore();
            }}
          >
            All settings
          </Button>
          <Button kind="primary" type="submit" busy={save.busy()} disabled={!ready()}>
            Save
          </Button>
        </>
      }
    >
      <ChannelFields channel={props.channel} draft={draft} error={save.error()} />
      <ErrorNote error={otherThan(save.error(), "name", "topic", "slow_mode_s")} />
    </Dialog>
  );
}
