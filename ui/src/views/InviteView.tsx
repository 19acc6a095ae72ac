import { A, useNavigate, useParams } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { createAction } from "../components/action";
import { Avatar } from "../components/Avatar";
import { Button } from "../components/Button";
import { ErrorNote } from "../components/ErrorNote";
import { Spinner } from "../components/Spinner";
import { AuthFrame } from "../features/auth/AuthFrame";
import css from "../features/auth/auth.module.css";
import { RegisterForm } from "../features/auth/RegisterForm";
import { createServerInfo } from "../features/auth/serverInfo";
import { registrationWords } from "../features/auth/words";
import { spacePath } from "../paths";
import type { InvitePreview } from "../protocol/generated";
import { arrival } from "../state/arrival";
import { useSnug } from "../state/context";
import { useEntrance } from "./entrance";
import { usePageTitle } from "./title";

/** Somebody followed an invite: shows where it leads, and takes them there. */
export function InviteView() {
  const snug = useSnug();
  const navigate = useNavigate();
  const params = useParams<{ code: string }>();
  const [preview, setPreview] = createSignal<InvitePreview>();
  const load = createAction(async () => setPreview(await snug.api.invites.preview(params.code)));
  const join = createAction(async () => {
    const space = await snug.api.invites.accept(params.code);
    await arrival(() => snug.state.spaces[space.id] !== undefined);
    navigate(spacePath(space.id), { replace: true });
  });
  usePageTitle(() => preview()?.space_name ?? "Invitation");
  void load.run();

  return (
    <Show
      when={preview()}
      fallback={
        <Show when={load.error()} fallback={<AuthFrame title="An invitation"><p class={css.waiting}><Spinner label="Looking at the invitation" /></p></AuthFrame>}>
          <AuthFrame title="This invitation does not work" below={<A href="/">To the start page</A>}>
            <ErrorNote error={load.error()} onRetry={() => void load.run()} />
          </AuthFrame>
        </Show>
      }
    >
      {(invite) => (
        <AuthFrame
          above={
            <span class={css.space}>
              <Avatar square id={invite().space_id} name={invite().space_name} src={snug.image(invite().space_icon)} size={72} />
            </span>
          }
          title={invite().space_name}
          text={`${invite().inviter.display_name} invites you.${invite().space_description === "" ? "" : ` ${invite().space_description}`}`}
          below={
            <Show when={snug.session().at === "out"} fallback={<A href="/">Not now</A>}>
              Have an account? <A href={`/login?next=${encodeURIComponent(`/invite/${params.code}`)}`}>Log in</A>
            </Show>
          }
        >
          <Facts invite={invite()} />
          <Show when={snug.session().at === "in"} fallback={<Newcomer code={params.code} />}>
            <ErrorNote error={join.error()} />
            <Button kind="primary" busy={join.busy()} onClick={() => void join.run()}>
              {snug.state.spaces[invite().space_id] ? `Open ${invite().space_name}` : `Join ${invite().space_name}`}
            </Button>
          </Show>
        </AuthFrame>
      )}
    </Show>
  );
}

function Facts(props: { invite: InvitePreview }) {
  return (
    <p class={css.facts}>
      <span class={css.fact}>
        <span class={css.dot} />
        {props.invite.online} here now
      </span>
      <span class={css.fact}>
        <span class={css.dot} data-off="" />
        {props.invite.members} {props.invite.members === 1 ? "member" : "members"}
      </span>
    </p>
  );
}

/** Registers and joins in one go. */
function Newcomer(props: { code: string }) {
  const entrance = useEntrance();
  const server = createServerInfo();
  return (
    <Show when={server.info()} fallback={<ErrorNote error={server.error()} onRetry={server.retry} />}>
      {(info) => {
        const words = () => registrationWords(info(), true);
        return (
          <Show when={words().action} fallback={<p class={css.waiting}>{words().text}</p>}>
            <RegisterForm words={{ ...words(), action: words().asksKnock ? "Knock" : "Create account and join" }} invite={props.code} onIn={entrance.enter} onWaiting={entrance.toWaiting} />
          </Show>
        );
      }}
    </Show>
  );
}
