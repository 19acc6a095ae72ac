import { createSignal } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { faultOf, otherThan } from "../../components/faults";
import { Select } from "../../components/Select";
import { TextArea } from "../../components/TextArea";
import { toast } from "../../components/Toast";
import { LIMITS } from "../../protocol/constants";
import type { SpaceId, UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf } from "../../state/selectors";

/** How much of what somebody wrote goes with them, in seconds. */
const CLEAN_UP = [
  { value: "0", label: "Nothing" },
  { value: "3600", label: "The last hour" },
  { value: "86400", label: "The last day" },
  { value: "604800", label: "The last 7 days" },
] as const;

/** Asks why somebody is banned, and what of theirs goes too. */
export function BanDialog(props: { spaceId: SpaceId; userId: UserId; onClose: () => void }) {
  const { api, state } = useSnug();
  const name = nameOf(state, props.userId, props.spaceId);
  const [reason, setReason] = createSignal("");
  const [cleanUp, setCleanUp] = createSignal<(typeof CLEAN_UP)[number]["value"]>("0");
  const ban = createAction(async () => {
    await api.bans.create(props.spaceId, props.userId, { reason: reason().trim(), delete_message_s: Number(cleanUp()) });
    toast({ text: `${name} is banned.`, action: { label: "Undo", run: () => void api.bans.remove(props.spaceId, props.userId).catch((refusal: Error) => toast({ text: refusal.message, kind: "error" })) } });
    props.onClose();
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && props.onClose()}
      title={`Ban ${name}?`}
      description="They leave at once and cannot come back, with any invite, until the ban is lifted."
      onSubmit={() => void ban.run()}
      footer={
        <>
          <Button kind="quiet" onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button kind="danger" type="submit" busy={ban.busy()}>
            Ban
          </Button>
        </>
      }
    >
      <TextArea label="Reason" rows={2} value={reason()} onInput={setReason} maxLength={LIMITS.reason} hint="Kept with the ban, for those who can lift it." error={faultOf(ban.error(), "reason")} />
      <Select label="Delete what they wrote here" value={cleanUp()} options={[...CLEAN_UP]} onChange={setCleanUp} />
      <ErrorNote error={otherThan(ban.error(), "reason")} />
    </Dialog>
  );
}
