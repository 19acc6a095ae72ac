import { Navigate, useLocation } from "@solidjs/router";
import { type ParentProps, Show } from "solid-js";
import { ConnectionPage } from "../features/connection/ConnectionPage";
import { useSnug } from "../state/context";
import { useFleet } from "../features/servers/context";
import { Shortcuts } from "../features/shortcuts/Shortcuts";
import { Switcher } from "../features/switcher/Switcher";
import { watchVoiceKeys } from "../features/voice/keys";
import { watchMentions } from "./mentions";

/** For those who are logged in; the others are sent to the log-in, and come back here after it. */
export function Inside(props: ParentProps) {
  const snug = useSnug();
  const place = useLocation();
  const logIn = () => {
    if (snug.ticket() !== null) return "/waiting";
    return place.pathname === "/" ? "/login" : `/login?next=${encodeURIComponent(place.pathname)}`;
  };
  return (
    <Show when={snug.session().at === "in"} fallback={<Navigate href={logIn()} />}>
      <Show when={snug.state.loaded} fallback={<ConnectionPage />}>
        <Present>{props.children}</Present>
      </Show>
    </Show>
  );
}

/** What goes on wherever one is inside. */
function Present(props: ParentProps) {
  const snug = useSnug();
  watchMentions(snug);
  const fleet = useFleet();
  // There is one call, whichever account is shown.
  watchVoiceKeys(() => fleet?.speaking()?.snug ?? snug);
  return (
    <>
      {props.children}
      <Switcher />
      <Shortcuts />
    </>
  );
}
