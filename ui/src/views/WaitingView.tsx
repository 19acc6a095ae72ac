import { A, Navigate, useNavigate } from "@solidjs/router";
import { createSignal, onCleanup, Show } from "solid-js";
import { Button } from "../components/Button";
import { ErrorNote } from "../components/ErrorNote";
import { Icon } from "../components/Icon";
import { Spinner } from "../components/Spinner";
import { absurd } from "../absurd";
import { Refusal } from "../backend/refusal";
import { AuthFrame } from "../features/auth/AuthFrame";
import css from "../features/auth/auth.module.css";
import { useSnug } from "../state/context";
import { useEntrance } from "./entrance";
import { usePageTitle } from "./title";

const POLL_MS = 4_000;

/** For somebody who knocked: asks now and then, and goes in by itself. */
export function WaitingView() {
  const snug = useSnug();
  const entrance = useEntrance();
  const navigate = useNavigate();
  const [rejected, setRejected] = createSignal(false);
  const [error, setError] = createSignal<Refusal>();
  usePageTitle(() => "Knock knock");
  let over = false;
  onCleanup(() => (over = true));

  const forget = (): void => {
    snug.keepTicket(null);
    navigate("/register", { replace: true });
  };
  const ask = async (): Promise<void> => {
    const ticket = snug.ticket();
    if (ticket === null || over) return;
    try {
      const answer = await snug.api.auth.knock({ ticket, cookie: true });
      setError(undefined);
      switch (answer.state) {
        case "waiting":
          break;
        case "approved":
          return entrance.enter(answer);
        case "rejected":
          setRejected(true);
          return snug.keepTicket(null);
        default:
          return absurd(answer);
      }
    } catch (thrown) {
      const refusal = Refusal.from(thrown);
      setError(refusal);
      if (refusal.code === "not_found") return snug.keepTicket(null);
    }
    setTimeout(() => void ask(), POLL_MS);
  };
  void ask();

  return (
    <Show when={snug.session().at === "out"} fallback={<Navigate href="/" />}>
      <Show
        when={!rejected()}
        fallback={
          <AuthFrame title="Not this time." text="An administrator did not let you in. If that surprises you, ask them by other means." below={<A href="/login">Log in with another account</A>}>
            <Button kind="primary" onClick={forget}>
              Knock again
            </Button>
          </AuthFrame>
        }
      >
        <Show when={snug.ticket() !== null || error()} fallback={<Navigate href="/login" />}>
          <AuthFrame
            above={
              <span class={css.door}>
                <Icon name="door" size={34} />
              </span>
            }
            title="Knock knock"
            text="An administrator was told. Leave this page open: you go in as soon as they say yes."
            below={
              <>
                Changed your mind? <A href="/login" onClick={() => snug.keepTicket(null)}>Back to log in</A>
              </>
            }
          >
            <Show when={error()} fallback={<p class={css.waiting}><Spinner label="Waiting for an answer" /></p>}>
              <ErrorNote error={error()} />
            </Show>
          </AuthFrame>
        </Show>
      </Show>
    </Show>
  );
}
