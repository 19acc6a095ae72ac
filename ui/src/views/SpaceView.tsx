import { Navigate, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { EmptyState } from "../components/EmptyState";
import { IconButton } from "../components/IconButton";
import { channelPath, spacePath } from "../paths";
import { useSnug } from "../state/context";
import { useLayout } from "../state/layout";
import { firstChannel } from "../state/selectors";
import css from "./SpaceView.module.css";
import { usePageTitle } from "./title";

/** The app was opened: go to where one was last. */
export function StartView() {
  const { state, preferences } = useSnug();
  const space = () => (preferences.lastSpace !== null && state.spaces[preferences.lastSpace] ? preferences.lastSpace : state.spaceIds[0]);
  return <Navigate href={space() === undefined ? "/home" : spacePath(space()!)} />;
}

/** A space without a channel named: opens one, if there is any. */
export function SpaceView() {
  const { state, preferences } = useSnug();
  const layout = useLayout();
  const params = useParams<{ space: string }>();
  const channel = () => firstChannel(state, params.space, preferences.lastChannel[params.space]);
  usePageTitle(() => state.spaces[params.space]?.name);
  return (
    <Show when={state.spaces[params.space]} fallback={<Navigate href="/home" />}>
      <Show
        when={channel()}
        fallback={
          <main class={css.nothing}>
            <header class={css.head}>
              <Show when={layout.narrow()}>
                <IconButton icon="menu" label="Spaces and channels" placement="bottom" onClick={layout.openNav} />
              </Show>
            </header>
            <EmptyState icon="hash" title="No channel to see here">
              Whoever manages the space can make one, or let you see one that is there.
            </EmptyState>
          </main>
        }
      >
        {(id) => <Navigate href={channelPath(params.space, id())} />}
      </Show>
    </Show>
  );
}
