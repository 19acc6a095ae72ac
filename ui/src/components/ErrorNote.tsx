import { Show } from "solid-js";
import { Button } from "./Button";
import css from "./ErrorNote.module.css";
import { Icon } from "./Icon";

/** What an error says and what helps: the words of a refusal, or of any other error. */
export function wordsOf(error: unknown): { message: string; hint?: string | undefined } {
  if (error instanceof Error) {
    const hint = (error as { hint?: unknown }).hint;
    return typeof hint === "string" && hint !== "" ? { message: error.message, hint } : { message: error.message };
  }
  return { message: typeof error === "string" ? error : "Something went wrong, and it did not say what." };
}

/** An error where the user is: `error` (a Refusal; nothing shows nothing), `onRetry`. */
export function ErrorNote(props: { error: unknown; onRetry?: (() => void) | undefined }) {
  return (
    <Show when={props.error}>
      {(error) => (
        <div class={css.note} role="alert">
          <Icon name="warning" size={18} />
          <div class={css.words}>
            <p class={css.message}>{wordsOf(error()).message}</p>
            <Show when={wordsOf(error()).hint}>{(hint) => <p class={css.hint}>{hint()}</p>}</Show>
          </div>
          <Show when={props.onRetry}>
            {(retry) => (
              <Button small onClick={() => retry()()}>
                Try again
              </Button>
            )}
          </Show>
        </div>
      )}
    </Show>
  );
}
