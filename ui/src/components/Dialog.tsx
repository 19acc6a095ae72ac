import * as Kobalte from "@kobalte/core/dialog";
import { children, type JSX, Show, untrack } from "solid-js";
import { cx } from "./cx";
import css from "./Dialog.module.css";
import { IconButton } from "./IconButton";

/** Where to start: what asks for it, else the first field, else the button that says yes. */
function firstOf(content: EventTarget | null): HTMLElement | null | undefined {
  if (!(content instanceof HTMLElement)) return undefined;
  const fields = ":is(input, textarea, select, button, a[href]):not(:disabled, [type=hidden], [aria-hidden] *)";
  return content.querySelector<HTMLElement>("[data-autofocus]") ?? content.querySelector<HTMLElement>(`.${css.body} ${fields}`) ?? content.querySelector<HTMLElement>(`.${css.foot} [type=submit]:not(:disabled)`) ?? content;
}

/** What had the focus last, menus aside: they are gone by the time that what they opened closes. */
let focused: HTMLElement | null = null;
document.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLElement && !event.target.closest("[role=menu]")) focused = event.target;
});

/** A window over the rest: `open`, `onOpenChange(open)`, `title`, `description`, `footer` (buttons), `wide`; with `onSubmit` it is a form. Focus goes in and comes back; Esc closes. */
export function Dialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: JSX.Element;
  footer?: JSX.Element;
  wide?: boolean | undefined;
  /** For something to decide at once: no closing by a click outside. */
  alert?: boolean | undefined;
  onSubmit?: (() => void) | undefined;
  children?: JSX.Element;
}) {
  let back: HTMLElement | null = null;
  const description = children(() => props.description);
  const footer = children(() => props.footer);
  return (
    <Kobalte.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Kobalte.Portal>
        <Kobalte.Overlay class={css.scrim} />
        <div class={css.place}>
          <Kobalte.Content
            class={cx(css.dialog, props.wide && css.wide)}
            role={props.alert ? "alertdialog" : "dialog"}
            onOpenAutoFocus={(event: Event) => {
              event.preventDefault();
              back = focused;
              // This runs in an effect of the library, which must not follow what a change of focus reads elsewhere.
              untrack(() => firstOf(event.currentTarget ?? event.target)?.focus());
            }}
            onCloseAutoFocus={(event: Event) => {
              event.preventDefault();
              if (back?.isConnected) back.focus();
            }}
            onPointerDownOutside={(event: Event) => props.alert && event.preventDefault()}
          >
            <form
              class={css.form}
              onSubmit={(event) => {
                event.preventDefault();
                event.stopPropagation();
                props.onSubmit?.();
              }}
            >
              <header class={css.head}>
                <Kobalte.Title class={css.title}>{props.title}</Kobalte.Title>
                <IconButton icon="close" label="Close" onClick={() => props.onOpenChange(false)} />
              </header>
              <div class={css.body}>
                <Show when={description()}>
                  <Kobalte.Description class={css.description}>{description()}</Kobalte.Description>
                </Show>
                {props.children}
              </div>
              <Show when={footer()}>
                <footer class={css.foot}>{footer()}</footer>
              </Show>
            </form>
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte.Root>
  );
}
