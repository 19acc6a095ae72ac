import { A, Navigate } from "@solidjs/router";
import { Show } from "solid-js";
import { ErrorNote } from "../components/ErrorNote";
import { AuthFrame } from "../features/auth/AuthFrame";
import { LogInForm } from "../features/auth/LogInForm";
import { createServerInfo } from "../features/auth/serverInfo";
import { EndedNote } from "../features/connection/EndedNote";
import { useSnug } from "../state/context";
import { useEntrance } from "./entrance";
import { usePageTitle } from "./title";

export function LogInView() {
  const snug = useSnug();
  const entrance = useEntrance();
  const server = createServerInfo();
  usePageTitle(() => "Log in");
  const note = () => {
    const session = snug.session();
    return session.at === "out" ? session.note : null;
  };
  const inside = () => snug.session().at === "in";
  return (
    <Show when={!inside()} fallback={<Navigate href={entrance.next()} />}>
      <Show when={!server.info()?.first_run} fallback={<Navigate href="/register" />}>
        <AuthFrame
          title={server.info()?.name ?? "Snug"}
          text="Good to see you again."
          below={
            <Show when={server.info()?.registration !== "closed"} fallback="The server takes no new accounts.">
              New here? <A href={`/register${location.search}`}>Create an account</A>
            </Show>
          }
        >
          <EndedNote why={note()} />
          <ErrorNote error={server.error()} onRetry={server.retry} />
          <LogInForm onIn={entrance.enter} />
        </AuthFrame>
      </Show>
    </Show>
  );
}
