import { useLocation, useParams } from "@solidjs/router";
import { createEffect, on, onCleanup, type ParentProps, Show, Suspense } from "solid-js";
import { part } from "../components/part";
import { ConnectionLine } from "../features/connection/ConnectionLine";
import { UserBar } from "../features/me/UserBar";
import { Partings } from "../features/spaces/Partings";
import { Rail } from "../features/spaces/Rail";
import { HomeSide } from "../features/spaces/HomeSide";
import { SpaceSide } from "../features/spaces/SpaceSide";
import { useSnug } from "../state/context";
import { createLayout, LayoutContext } from "../state/layout";
import css from "./Shell.module.css";

const VoiceBar = part(() => import("../features/voice/VoiceBar"));

/** What stands around every page inside: the rail of spaces and the column beside it. */
export function Shell(props: ParentProps) {
  const snug = useSnug();
  const layout = createLayout(snug);
  const params = useParams<{ space?: string }>();
  const place = useLocation();

  createEffect(on(() => place.pathname, layout.closeDrawer, { defer: true }));
  const escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && layout.drawer() !== null) layout.closeDrawer();
  };
  addEventListener("keydown", escape);
  onCleanup(() => removeEventListener("keydown", escape));

  return (
    <LayoutContext.Provider value={layout}>
      <div class={css.shell} data-drawer={layout.drawer() ?? undefined}>
        <div class={css.nav} inert={layout.narrow() && layout.drawer() !== "nav"}>
          <Rail />
          <div class={css.side}>
            <Show when={params.space !== undefined && snug.state.spaces[params.space]} fallback={<HomeSide />}>
              {(space) => <SpaceSide space={space()} />}
            </Show>
            <Suspense>
              <Show when={snug.voice.call().at !== "idle"}>
                <VoiceBar />
              </Show>
            </Suspense>
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
    </LayoutContext.Provider>
  );
}
