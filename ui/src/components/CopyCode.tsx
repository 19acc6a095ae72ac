import { createSignal, onCleanup } from "solid-js";
import { copyText } from "../backend/notify";
import { IconButton } from "./IconButton";
import css from "./CopyCode.module.css";

/** Code to read and to take along. `label` says what it is, for screen readers. */
export function CopyCode(props: { code: string; label: string }) {
  const [copied, setCopied] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const copy = async () => {
    setCopied(await copyText(props.code));
    clearTimeout(timer);
    timer = setTimeout(() => setCopied(false), 3000);
  };
  return (
    <div class={css.code}>
      <pre tabIndex={0} role="group" aria-label={props.label}>
        <code>{props.code}</code>
      </pre>
      <span class={css.button}>
        <IconButton icon={copied() ? "check" : "copy"} size="s" label={copied() ? "Copied" : "Copy"} placement="left" onClick={() => void copy()} />
      </span>
    </div>
  );
}
