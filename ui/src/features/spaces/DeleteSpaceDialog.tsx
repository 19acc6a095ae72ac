import { createSignal } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/Toast";
import type { Space } from "../../protocol/generated";
import { useSnug } from "../../state/context";

/** Asks for the name of the space to be typed, and deletes it. */
export function DeleteSpaceDialog(props: { space: Space; open: boolean; onClose: () => void; onDeleted: () => void }) {
  const { api } = useSnug();
  const [typed, setTyped] = createSignal("");
  const same = () => typed().trim() === props.space.name.trim();
  const remove = createAction(async () => {
    const name = props.space.name;
    await api.spaces.delete(props.space.id);
    toast({ text: `${name} is deleted.` });
    props.onDeleted();
  });
  const close = () => {
    setTyped("");
    remove.clear();
    props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      onOpenChange={(open) => !open && close()}
      title={`Delete ${props.space.name}?`}
      description="This cannot be undone. Everyone loses its channels and all that was written in them."
      onSubmit={() => same() && void remove.run()}
      footer={
        <>
          <Button kind="quiet" onClick={close}>
            Cancel
          </Button>
          <Button kind="danger" type="submit" busy={remove.busy()} disabled={!same()}>
            Delete for everyone
          </Button>
        </>
      }
    >
      <TextField label={`Type “${props.space.name}” to be sure`} value={typed()} onInput={setTyped} autocomplete="off" />
      <ErrorNote error={remove.error()} />
    </Dialog>
  );
}
