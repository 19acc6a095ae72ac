import { Show } from "solid-js";
import { Avatar } from "../../components/Avatar";
import type { Entry } from "../../protocol/desktop";
import { useFleet } from "./context";
import { spoken, STANDINGS } from "./words";
import css from "./servers.module.css";

/** One account: how it stands, and what is new there. */
export function ServerRow(props: { entry: Entry; onChoose: (id: string) => void }) {
  const fleet = useFleet()!;
  const standing = () => fleet.standing(props.entry.id);
  return (
    <button type="button" class={css.server} aria-current={fleet.shown()?.id === props.entry.id ? "true" : undefined} onClick={() => props.onChoose(props.entry.id)}>
      <Avatar square id={props.entry.id} name={props.entry.name} src={undefined} size={40} />
      <span class={css.who}>
        <strong>{props.entry.name}</strong>
        <span>
          {props.entry.account ? `${props.entry.account.display_name} · ` : ""}
          {spoken(props.entry.origin)}
        </span>
      </span>
      <News id={props.entry.id} />
      <span class={css.dot} data-standing={standing()} role="img" aria-label={STANDINGS[standing()]} title={STANDINGS[standing()]} />
    </button>
  );
}

/** Mentions as a number, other news as a dot. */
function News(props: { id: string }) {
  const fleet = useFleet()!;
  const news = () => fleet.news(props.id);
  return (
    <Show when={news().mentions > 0} fallback={<Show when={news().unread}>{<span class={css.news} role="img" aria-label="Unread messages" />}</Show>}>
      <span class={css.badge} role="img" aria-label={`${news().mentions} ${news().mentions === 1 ? "mention" : "mentions"}`}>
        {news().mentions > 99 ? "99+" : news().mentions}
      </span>
    </Show>
  );
}
