import { createMemo, createSignal, onCleanup, Show, type JSX } from "solid-js";
import { insist } from "../backend/insist";
import styles from "./CodeBlock.module.css";
import { languageName } from "./languages";

/** Code, with a button that copies it, coloured once the highlighter is there. */
export function CodeBlock(props: { language: string | undefined; text: string }): JSX.Element {
  const known = createMemo(() => (props.language === undefined ? undefined : languageName(props.language)));
  return (
    <div class={styles["block"]}>
      <Show when={props.language}>{(language) => <span class={styles["language"]}>{known()?.title ?? language()}</span>}</Show>
      <CopyButton text={props.text} />
      <pre tabindex="0" aria-label={known() === undefined ? "Code" : `Code, ${known()!.title}`}>
        <code>
          <Show when={known()} fallback={props.text}>
            {(language) => <Highlighted name={language().name} text={props.text} />}
          </Show>
        </code>
      </pre>
    </div>
  );
}

function Highlighted(props: { name: string; text: string }): JSX.Element {
  const [highlighter, setHighlighter] = createSignal<typeof import("./highlight")>();
  // Without it the code is there, plain.
  void insist(() => import("./highlight")).then(setHighlighter);
  return (
    <Show when={highlighter()} fallback={props.text}>
      {(module) => module().highlight(props.name, props.text)}
    </Show>
  );
}

function CopyButton(props: { text: string }): JSX.Element {
  const [state, setState] = createSignal<"ready" | "done" | "failed">("ready");
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text);
      setState("done");
    } catch {
      // Without TLS there is no clipboard at all.
      setState("failed");
    }
    clearTimeout(timer);
    timer = setTimeout(() => setState("ready"), 2_000);
  };
  const label = () => ({ ready: "Copy", done: "Copied", failed: "Could not copy" })[state()];
  return (
    <button type="button" class={styles["copy"]} aria-label={state() === "ready" ? "Copy the code" : undefined} aria-live="polite" onClick={() => void copy()}>
      {label()}
    </button>
  );
}
