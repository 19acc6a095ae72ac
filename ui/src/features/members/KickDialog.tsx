import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { toast } from "../../components/Toast";
import type { SpaceId, UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf } from "../../state/selectors";

/** Asks before a member is put out. */
export function KickDialog(props: { spaceId: SpaceId; userId: UserId; onClose: () => void }) {
  const { api, state } = useSnug();
  const name = nameOf(state, props.userId, props.spaceId);
  const kick = createAction(async () => {
    await api.members.kick(props.spaceId, props.userId);
    toast({ text: `${name} was put out.` });
    props.onClose();
  });
  return (
    <Dialog
      alert
      open
      onOpenChange={(open) => !open && props.onClose()}
      title={`Kick ${name}?`}
      description="They lose their roles and nickname here, and can come back with an invite. What they wrote stays."
      onSubmit={() => void kick.run()}
      footer={
        <>
          <Button kind="quiet" onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button kind="danger" type="submit" busy={kick.busy()}>
            Kick
          </Button>
        </>
      }
    >
      <ErrorNote error={kick.error()} />
    </Dialog>
  );
}
