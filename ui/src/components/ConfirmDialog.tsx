import { createSignal, type JSX, Show } from "solid-js";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

type Question = { title: string; text?: JSX.Element; danger?: boolean | undefined; action: string; cancel?: string | undefined };
const [asked, setAsked] = createSignal<{ question: Question; answer: (yes: boolean) => void }>();

/** Asks before something is done: `await confirm({title: "Delete #plans?", text, danger: true, action: "Delete channel"})`. */
export function confirm(question: Question): Promise<boolean> {
  asked()?.answer(false);
  return new Promise((resolve) => setAsked({ question, answer: resolve }));
}

/** Whoever was asked is gone. */
export function dismiss(): void {
  asked()?.answer(false);
  setAsked(undefined);
}

/** Where the questions of `confirm` appear. Once, at the root. */
export function ConfirmDialog() {
  const close = (yes: boolean) => {
    asked()?.answer(yes);
    setAsked(undefined);
  };
  return (
    <Show when={asked()}>
      {(current) => (
        <Dialog
          alert
          open
          onOpenChange={(open) => !open && close(false)}
          title={current().question.title}
          description={current().question.text}
          onSubmit={() => close(true)}
          footer={
            <>
              <Button kind="quiet" onClick={() => close(false)}>
                {current().question.cancel ?? "Cancel"}
              </Button>
              <Button kind={current().question.danger ? "danger" : "primary"} type="submit" data-autofocus>
                {current().question.action}
              </Button>
            </>
          }
        />
      )}
    </Show>
  );
}
