import { createSignal } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { faultOf, otherThan } from "../../components/faults";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/Toast";
import { useSnug } from "../../state/context";

/** Asks for the password once more, and deletes the account. */
export function DeleteAccountDialog(props: { open: boolean; onClose: () => void }) {
  const { api, logOut } = useSnug();
  const [password, setPassword] = createSignal("");
  const remove = createAction(async () => {
    await api.me.delete({ password: password() });
    toast({ text: "Your account is deleted." });
    await logOut();
  });
  const close = () => {
    setPassword("");
    remove.clear();
    props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      onOpenChange={(open) => !open && close()}
      title="Delete your account?"
      description="This cannot be undone. You leave every space, and your sessions end at once. What you wrote stays, without your name."
      onSubmit={() => password() !== "" && void remove.run()}
      footer={
        <>
          <Button kind="quiet" onClick={close}>
            Cancel
          </Button>
          <Button kind="danger" type="submit" busy={remove.busy()} disabled={password() === ""}>
            Delete my account
          </Button>
        </>
      }
    >
      <TextField label="Your password, to be sure" type="password" autocomplete="current-password" value={password()} onInput={setPassword} error={faultOf(remove.error(), "password")} />
      <ErrorNote error={otherThan(remove.error(), "password")} />
    </Dialog>
  );
}
