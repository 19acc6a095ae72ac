import type { Theme } from "../../state/preferences";
import css from "./Miniature.module.css";

/** The app in small, in a theme. */
export function Miniature(props: { theme: Theme }) {
  return (
    <span class={css.app} data-theme={props.theme} aria-hidden="true">
      <span class={css.rail}>
        <i class={css.space} style={{ background: "var(--accent)" }} />
        <i class={css.space} style={{ background: "var(--av-1)" }} />
        <i class={css.space} style={{ background: "var(--av-2)" }} />
      </span>
      <span class={css.side}>
        <i class={css.line} data-strong />
        <i class={css.chosen} />
        <i class={css.line} />
        <i class={css.line} />
      </span>
      <span class={css.main}>
        <i class={css.message}>
          <b style={{ background: "var(--av-3)" }} />
          <i />
        </i>
        <i class={css.message}>
          <b style={{ background: "var(--av-1)" }} />
          <i style={{ width: "60%" }} />
        </i>
        <i class={css.compose} />
      </span>
    </span>
  );
}
