import { createEffect, createSignal, on, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/TextField";
import { LIMITS } from "../../protocol/constants";
import { useSnug } from "../../state/context";

/** The text beside one's presence. */
export function StatusDialog(props: { open: boolean; onOpenChange: (open: boolean) => void; text: string }) {
  const { api } = useSnug();
  const [text, setText] = createSignal("");
  const save = createAction(async (status_text: string) => {
    await api.me.update({ status_text });
    props.onOpenChange(false);
  });
  createEffect(on(() => props.open, (open) => open && setText(props.text)));
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title="Your status"
      onSubmit={() => void save.run(text().trim())}
      footer={
        <>
          <Show when={props.text !== ""}>
            <Button kind="quiet" disabled={save.busy()} onClick={() => void save.run("")}>
              Remove it
            </Button>
          </Show>
          <Button type="submit" kind="primary" busy={save.busy()}>
            Save
          </Button>
        </>
      }
    >
      <TextField label="What are you up to?" data-autofocus maxLength={LIMITS.statusText} value={text()} onInput={setText} placeholder="Making soup" />
      <ErrorNote error={save.error()} />
    </Dialog>
  );
}
