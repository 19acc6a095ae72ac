import { useLocation, useParams } from "@solidjs/router";
import { createEffect, on, onCleanup, type ParentProps, Show } from "solid-js";
import { ConnectionLine } from "../features/connection/ConnectionLine";
import { UserBar } from "../features/me/UserBar";
import { Partings } from "../features/spaces/Partings";
import { Rail } from "../features/spaces/Rail";
import { HomeSide } from "../features/spaces/HomeSide";
import { SpaceSide } from "../features/spaces/SpaceSide";
import { Shortcuts } from "../features/shortcuts/Shortcuts";
import { Switcher } from "../features/switcher/Switcher";
import { useSnug } from "../state/context";
import { watchActivity } from "./activity";
import { covers, remember } from "./came-from";
import { createLayout, LayoutContext } from "../state/layout";
import { watchNotifications } from "./notifications";
import css from "./Shell.module.css";

/** What stands around every page inside: the rail of spaces and the column beside it. */
export function Shell(props: ParentProps) {
  const snug = useSnug();
  const layout = createLayout(snug);
  const params = useParams<{ space?: string }>();
  const place = useLocation();
  watchActivity(snug);
  watchNotifications(snug);

  createEffect(on(() => place.pathname, layout.closeDrawer, { defer: true }));
  createEffect(() => remember(place.pathname));
  const escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && layout.drawer() !== null) layout.closeDrawer();
  };
  addEventListener("keydown", escape);
  onCleanup(() => removeEventListener("keydown", escape));

  return (
    <LayoutContext.Provider value={layout}>
      <div class={css.shell} data-drawer={layout.drawer() ?? undefined} inert={covers(place.pathname)}>
        <div class={css.nav} inert={layout.narrow() && layout.drawer() !== "nav"}>
          <Rail />
          <div class={css.side}>
            <Show when={params.space !== undefined && snug.state.spaces[params.space]} fallback={<HomeSide />}>
              {(space) => <SpaceSide space={space()} />}
            </Show>
            <UserBar />
          </div>
        </div>
        <div class={css.main}>
          <ConnectionLine />
          <Partings />
          {props.children}
        </div>
        <Show when={layout.drawer() !== null}>
          <button type="button" class={css.scrim} aria-label="Close the panel" onClick={layout.closeDrawer} />
        </Show>
      </div>
      <Switcher />
      <Shortcuts />
    </LayoutContext.Provider>
  );
}
