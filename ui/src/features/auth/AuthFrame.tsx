import { type JSX, onMount, Show } from "solid-js";
import { ServersLink } from "../servers/ServersLink";
import css from "./AuthFrame.module.css";

/** The page of somebody who is not inside: one card in the middle. */
export function AuthFrame(props: { title: string; text?: JSX.Element; above?: JSX.Element; below?: JSX.Element; children?: JSX.Element }) {
  let card!: HTMLDivElement;
  // Not by `autofocus`: browsers do that once for a document, and WebKit when it likes, even while somebody types into another field.
  onMount(() => card.querySelector<HTMLElement>("[data-autofocus]")?.focus());
  return (
    <main class={css.page}>
      <div class={css.card} ref={(element) => (card = element)}>
        <Show when={props.above} fallback={<Mark />}>
          {props.above}
        </Show>
        <header class={css.head}>
          <h1 class={css.title}>{props.title}</h1>
          <Show when={props.text}>
            <p class={css.text}>{props.text}</p>
          </Show>
        </header>
        {props.children}
        <Show when={props.below}>
          <footer class={css.below}>{props.below}</footer>
        </Show>
      </div>
      <ServersLink />
    </main>
  );
}

/** The mark of the program: a roof over two who sit together. */
export function Mark() {
  return (
    <svg class={css.mark} viewBox="0 0 48 48" aria-hidden="true">
      <path d="M8 24 24 10l16 14" />
      <path d="M13 21v17h22V21" />
      <circle cx="20" cy="29" r="3" />
      <circle cx="28" cy="29" r="3" />
    </svg>
  );
}
