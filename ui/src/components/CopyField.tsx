import { createSignal, onCleanup, onMount } from "solid-js";
import { copyText } from "../backend/notify";
import { Button } from "./Button";
import { Field } from "./Field";
import css from "./CopyField.module.css";

/** A text to take along: it is selected at a click, and copied by the button, or at once. */
export function CopyField(props: { label: string; value: string; hint?: string | undefined; copyAtOnce?: boolean }) {
  const [said, setSaid] = createSignal<"copied" | "failed">();
  let input!: HTMLInputElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const copy = async () => {
    clearTimeout(timer);
    if (await copyText(props.value)) {
      setSaid("copied");
      timer = setTimeout(() => setSaid(undefined), 4000);
    } else {
      setSaid("failed");
      input.select();
    }
  };
  onMount(() => props.copyAtOnce && void copy());
  onCleanup(() => clearTimeout(timer));
  const hint = () => (said() === "failed" ? "The browser does not allow copying here. The text is selected: press Ctrl+C." : props.hint);

  return (
    <Field label={props.label} hint={hint()}>
      {(ids) => (
        <div class={css.line}>
          <input ref={(element) => (input = element)} {...ids()} class={css.value} readOnly value={props.value} onFocus={(event) => event.currentTarget.select()} />
          <Button kind={said() === "copied" ? "plain" : "primary"} icon={said() === "copied" ? "check" : "copy"} onClick={() => void copy()} aria-live="polite">
            {said() === "copied" ? "Copied" : "Copy"}
          </Button>
        </div>
      )}
    </Field>
  );
}
