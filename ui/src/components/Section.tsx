import { children, createUniqueId, type JSX, Show } from "solid-js";
import css from "./Section.module.css";
import { cx } from "./cx";

/** A part of a settings page: `title`, `hint`, `aside` (a button on the right), `danger` for what cannot be undone. */
export function Section(props: { title?: string | undefined; hint?: JSX.Element; aside?: JSX.Element; danger?: boolean | undefined; children: JSX.Element }) {
  const id = createUniqueId();
  const hint = children(() => props.hint);
  const aside = children(() => props.aside);
  return (
    <section class={cx(css.section, props.danger && css.danger)} aria-labelledby={props.title ? id : undefined}>
      <Show when={props.title || aside()}>
        <div class={css.head}>
          <div class={css.words}>
            <h3 id={id} class={css.title}>
              {props.title}
            </h3>
            <Show when={hint()}>
              <p class={css.hint}>{hint()}</p>
            </Show>
          </div>
          {aside()}
        </div>
      </Show>
      {props.children}
    </section>
  );
}

/** Rows with hairlines between: the list of a settings page. */
export function Rows(props: { label?: string | undefined; children: JSX.Element }) {
  return (
    <ul class={css.rows} aria-label={props.label}>
      {props.children}
    </ul>
  );
}

/** One row: `start` (a picture), `title`, `hint`, `children` on the right; `roomy` if they may go below on a phone. */
export function Row(props: { start?: JSX.Element; title: JSX.Element; hint?: JSX.Element; children?: JSX.Element; roomy?: boolean | undefined }) {
  const hint = children(() => props.hint);
  const end = children(() => props.children);
  return (
    <li class={cx(css.row, props.roomy && css.roomy)}>
      {props.start}
      <div class={css.words}>
        <div class={css.name}>{props.title}</div>
        <Show when={hint()}>
          <div class={css.hint}>{hint()}</div>
        </Show>
      </div>
      <Show when={end()}>
        <div class={css.end}>{end()}</div>
      </Show>
    </li>
  );
}
