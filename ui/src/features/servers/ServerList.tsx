import { For, type JSX, Show } from "solid-js";
import { Avatar } from "../../components/Avatar";
import type { Entry } from "../../protocol/desktop";
import { useFleet } from "./context";
import { ServerTrouble } from "./ServerTrouble";
import { spoken, STANDINGS } from "./words";
import css from "./servers.module.css";

/** All accounts: how each stands, and what is new there. */
export function ServerList(props: { onChoose: (id: string) => void; end?: (entry: Entry) => JSX.Element }) {
  const fleet = useFleet()!;
  return (
    <ul class={css.list}>
      <For each={fleet.entries}>
        {(entry) => (
          <li class={css.row}>
            <button type="button" class={css.server} aria-current={fleet.shown()?.id === entry.id ? "true" : undefined} onClick={() => props.onChoose(entry.id)}>
              <Avatar square id={entry.id} name={entry.name} src={undefined} size={40} />
              <span class={css.who}>
                <strong>{entry.name}</strong>
                <span>
                  {entry.account ? `${entry.account.display_name} · ` : ""}
                  {spoken(entry.origin)}
                </span>
              </span>
              <News id={entry.id} />
              <span class={css.dot} data-standing={fleet.standing(entry.id)} role="img" aria-label={STANDINGS[fleet.standing(entry.id)]} title={STANDINGS[fleet.standing(entry.id)]} />
            </button>
            {props.end?.(entry)}
            <Show when={props.end && fleet.standing(entry.id) !== "online"}>
              <ServerTrouble id={entry.id} />
            </Show>
          </li>
        )}
      </For>
    </ul>
  );
}

/** Mentions as a number, other news as a dot. */
export function News(props: { id: string }) {
  const fleet = useFleet()!;
  const news = () => fleet.news(props.id);
  return (
    <Show when={news().mentions > 0} fallback={<Show when={news().unread}>{<span class={css.news} role="img" aria-label="Unread messages" />}</Show>}>
      <span class={css.badge} aria-label={`${news().mentions} ${news().mentions === 1 ? "mention" : "mentions"}`}>
        {news().mentions > 99 ? "99+" : news().mentions}
      </span>
    </Show>
  );
}
