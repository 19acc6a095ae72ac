import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { Avatar } from "../../components/Avatar";
import { Icon } from "../../components/Icon";
import { adminPath, spacePath } from "../../paths";
import { useSnug } from "../../state/context";
import { Badge } from "../../components/Badge";
import css from "./spaces.module.css";

/** The column while no space is open. */
export function HomeSide() {
  const { image, state } = useSnug();
  return (
    <>
      <header class={css.head}>
        <h2 class={css.homeTitle}>Home</h2>
      </header>
      <nav class={css.homeList} aria-label="Home">
        <A class={css.link} href="/home">
          <Icon name="home" size={18} />
          <span class={css.linkName}>Start</span>
        </A>
        <Show when={state.account?.admin}>
          <A class={css.link} href={adminPath()}>
            <Icon name="shield" size={18} />
            <span class={css.linkName}>Administration</span>
            <Show when={state.knocks}>{(knocks) => <Badge label={`${knocks()} waiting at the door`}>{knocks()}</Badge>}</Show>
          </A>
        </Show>
        <For each={state.spaceIds}>
          {(id) => (
            <A class={css.link} href={spacePath(id)}>
              <Avatar square id={id} name={state.spaces[id]?.name ?? ""} src={image(state.spaces[id]?.icon)} size={20} />
              <span class={css.linkName}>{state.spaces[id]?.name}</span>
            </A>
          )}
        </For>
      </nav>
    </>
  );
}
