import { Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { Progress } from "../../components/Progress";
import type { Update, UpdateWay } from "../../protocol/desktop";
import type { Updates } from "../../state/updates";
import { Markdown } from "../../text/Markdown";
import { onDay } from "../settings/when";
import { packageWords, progressWords, share } from "./words";
import css from "./updates.module.css";

/** A newer version: what is new, and installing it. */
export function Offer(props: { updates: Updates; update: Update; now: string; way: Extract<UpdateWay, { by: "itself" }> }) {
  const install = createAction(() => props.updates.install());
  const under = () => props.updates.progress();
  return (
    <article class={css.offer} aria-label={`Snug ${props.update.version}`}>
      <header class={css.head}>
        <h4 class={css.version}>Snug {props.update.version}</h4>
        <p class={css.hint}>
          <Show when={props.update.date}>{(date) => `${onDay(date())} · `}</Show>
          you have {props.now}
        </p>
      </header>
      <Show when={props.update.notes}>{(notes) => <Markdown class={css.notes!} text={notes()} />}</Show>
      <ErrorNote error={install.error()} />
      <Show
        when={under()}
        fallback={
          <div class={css.ask}>
            <Button kind="primary" icon="download" busy={install.busy()} onClick={() => void install.run()}>
              Install it
            </Button>
            <span class={css.hint}>{packageWords(props.way.package)}</span>
          </div>
        }
      >
        {(step) => (
          <div class={css.progress}>
            <span class={css.hint} aria-live="off">
              {progressWords(step())}
            </span>
            <Progress label={step().at === "install" ? "Installing" : "Downloading"} value={share(step())} />
          </div>
        )}
      </Show>
    </article>
  );
}
