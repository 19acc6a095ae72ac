import { createSignal, onMount, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { LIMITS } from "../../protocol/constants";
import type { Message } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { toWire } from "../../text/wire";
import { MessageInput } from "../composer/MessageInput";
import { useOpenChannel } from "./channelContext";
import css from "./messages.module.css";

/** Changes a message where it stands. Enter saves, Esc leaves it as it was; emptied, it is deleted. */
export function EditBox(props: { message: Message }) {
  const snug = useSnug();
  const open = useOpenChannel();
  const [input, setInput] = createSignal<HTMLTextAreaElement>();
  const text = () => snug.drafts.edit(props.message.channel_id)?.text ?? "";
  const wire = () => toWire(text().trim(), open.labels());
  const tooLong = () => [...wire()].length > LIMITS.message;
  const close = () => {
    snug.drafts.setEdit(props.message.channel_id, null);
    open.focusComposer();
  };
  const save = createAction(async () => {
    const content = wire();
    if (tooLong()) return;
    if (content === "") {
      await open.actions.remove(props.message);
      return close();
    }
    if (content !== props.message.content) await snug.api.messages.edit(props.message.channel_id, props.message.id, { content });
    close();
  });
  onMount(() => {
    const area = input();
    area?.focus({ preventScroll: true });
    area?.setSelectionRange(area.value.length, area.value.length);
    area?.scrollIntoView({ block: "nearest" });
  });
  return (
    <form class={css.edit} onSubmit={(event) => (event.preventDefault(), void save.run())}>
      <MessageInput
        label="Edit message"
        class={css.editInput}
        value={text()}
        onInput={(value) => snug.drafts.setEdit(props.message.channel_id, { messageId: props.message.id, text: value })}
        onSubmit={() => void save.run()}
        onEscape={close}
        ref={setInput}
      />
      <div class={css.editFoot}>
        <Button small kind="quiet" onClick={close}>
          Cancel
        </Button>
        <Button small kind="primary" type="submit" busy={save.busy()} disabled={tooLong()}>
          Save
        </Button>
        <Show when={tooLong()}>
          <span class={css.tooLong}>{[...wire()].length - LIMITS.message} characters too long</span>
        </Show>
      </div>
      <ErrorNote error={save.error()} />
    </form>
  );
}
