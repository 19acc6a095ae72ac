import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { CopyField } from "../../components/CopyField";

/** Shows a new password, once. */
export function NewPasswordDialog(props: { name: string; password: string; onClose: () => void }) {
  return (
    <Dialog
      alert
      open
      onOpenChange={(open) => !open && props.onClose()}
      title={`A new password for ${props.name}`}
      description="It is shown only here and now. Hand it over by other means, and ask them to change it."
      footer={
        <Button kind="primary" onClick={() => props.onClose()}>
          I have it
        </Button>
      }
    >
      <CopyField label="Password" value={props.password} />
    </Dialog>
  );
}
