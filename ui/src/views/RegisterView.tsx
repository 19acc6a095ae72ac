import { A, Navigate } from "@solidjs/router";
import { Show } from "solid-js";
import { ErrorNote } from "../components/ErrorNote";
import { Spinner } from "../components/Spinner";
import { AuthFrame } from "../features/auth/AuthFrame";
import { RegisterForm } from "../features/auth/RegisterForm";
import { createServerInfo } from "../features/auth/serverInfo";
import { registrationWords } from "../features/auth/words";
import { useSnug } from "../state/context";
import { useEntrance } from "./entrance";
import { usePageTitle } from "./title";

export function RegisterView() {
  const snug = useSnug();
  const entrance = useEntrance();
  const server = createServerInfo();
  usePageTitle(() => "Create an account");
  return (
    <Show when={snug.session().at === "out"} fallback={<Navigate href={entrance.next()} />}>
      <Show
        when={server.info()}
        fallback={
          <AuthFrame title="Snug">
            <Show when={server.error()} fallback={<Spinner label="Asking the server" />}>
              <ErrorNote error={server.error()} onRetry={server.retry} />
            </Show>
          </AuthFrame>
        }
      >
        {(info) => {
          const words = () => registrationWords(info(), entrance.invite() !== undefined);
          return (
            <AuthFrame
              title={words().title}
              text={words().text}
              below={
                <Show when={!info().first_run} fallback="Keep the password well: there is nobody else to let you in.">
                  Have an account? <A href={`/login${location.search}`}>Log in</A>
                </Show>
              }
            >
              <Show when={words().action}>
                <RegisterForm words={words()} invite={entrance.invite()} onIn={entrance.enter} onWaiting={entrance.toWaiting} />
              </Show>
            </AuthFrame>
          );
        }}
      </Show>
    </Show>
  );
}
