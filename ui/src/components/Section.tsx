import { createUniqueId, type JSX, Show } from "solid-js";
import css from "./Section.module.css";
import { cx } from "./cx";

/** A part of a settings page: `title`, `hint`, `aside` (a button on the right), `danger` for what cannot be undone. */
export function Section(props: { title?: string | undefined; hint?: JSX.Element; aside?: JSX.Element; danger?: boolean | undefined; children: JSX.Element }) {
  const id = createUniqueId();
  return (
    <section class={cx(css.section, props.danger && css.danger)} aria-labelledby={props.title ? id : undefined}>
      <Show when={props.title || props.aside}>
        <div class={css.head}>
          <div class={css.words}>
            <h3 id={id} class={css.title}>
              {props.title}
            </h3>
            <Show when={props.hint}>
              <p class={css.hint}>{props.hint}</p>
            </Show>
          </div>
          {props.aside}
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

/** One row: `start` (a picture), `title`, `hint`, `children` on the right. */
export function Row(props: { start?: JSX.Element; title: JSX.Element; hint?: JSX.Element; children?: JSX.Element; class?: string | undefined }) {
  return (
    <li class={cx(css.row, props.class)}>
      {props.start}
      <div class={css.words}>
        <div class={css.name}>{props.title}</div>
        <Show when={props.hint}>
          <div class={css.hint}>{props.hint}</div>
        </Show>
      </div>
      <Show when={props.children}>
        <div class={css.end}>{props.children}</div>
      </Show>
    </li>
  );
}
