import { createSignal, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { TextArea } from "../../components/TextArea";
import { TextField } from "../../components/TextField";
import { Refusal } from "../../backend/refusal";
import { LIMITS } from "../../protocol/constants";
import type { LoggedIn, Register } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import css from "./auth.module.css";
import { inviteCode, type RegistrationWords, usernameProblem } from "./words";

/** Name and password, and what else the server asks for. */
export function RegisterForm(props: { words: RegistrationWords; invite?: string | undefined; onIn: (loggedIn: LoggedIn) => void; onWaiting: () => void }) {
  const snug = useSnug();
  const [username, setUsername] = createSignal("");
  const [displayName, setDisplayName] = createSignal("");
  const [password, setPassword] = createSignal("");
  const [invite, setInvite] = createSignal("");
  const [serverPassword, setServerPassword] = createSignal("");
  const [knock, setKnock] = createSignal("");

  const register = createAction(async () => {
    const body: Register = { username: username().trim(), password: password(), cookie: true };
    const code = props.invite ?? inviteCode(invite());
    if (displayName().trim() !== "") body.display_name = displayName().trim();
    if (code !== "") body.invite = code;
    if (props.words.asksPassword) body.server_password = serverPassword();
    if (props.words.asksKnock && knock().trim() !== "") body.knock = knock().trim();
    const answer = await snug.api.auth.register(body);
    if (answer.outcome === "waiting") {
      snug.keepTicket(answer.ticket);
      props.onWaiting();
    } else props.onIn(answer);
  });
  const fault = (field: string): string | undefined => {
    const error = register.error();
    return error instanceof Refusal && (error.field === field || codeFields[error.code] === field) ? [error.message, error.hint].join(" ").trim() : undefined;
  };
  const fields = () => [
    "username",
    "password",
    "display_name",
    ...(props.words.asksInvite ? ["invite"] : []),
    ...(props.words.asksPassword ? ["server_password"] : []),
    ...(props.words.asksKnock ? ["knock"] : []),
  ];
  const shown = () => fields().some((field) => fault(field) !== undefined);

  return (
    <form
      class={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        void register.run();
      }}
    >
      <TextField label="Username" name="username" autocomplete="username" autocapitalize="none" spellcheck={false} data-autofocus required minLength={LIMITS.usernameMin} maxLength={LIMITS.usernameMax} value={username()} onInput={setUsername} hint="You log in with it. Letters, digits, and . _ -" error={usernameProblem(username()) ?? fault("username")} />
      <TextField label="Display name" name="display-name" autocomplete="nickname" maxLength={LIMITS.displayName} value={displayName()} onInput={setDisplayName} hint="What others see. Left empty, it is the username." error={fault("display_name")} />
      <TextField label="Password" name="password" type="password" autocomplete="new-password" required minLength={LIMITS.passwordMin} value={password()} onInput={setPassword} hint={`At least ${LIMITS.passwordMin} characters.`} error={fault("password")} />
      <Show when={props.words.asksInvite}>
        <TextField label="Invite link or code" name="invite" autocomplete="off" required value={invite()} onInput={setInvite} error={fault("invite")} />
      </Show>
      <Show when={props.words.asksPassword}>
        <TextField label="Server password" name="server-password" type="password" autocomplete="off" required value={serverPassword()} onInput={setServerPassword} hint="Whoever runs the server knows it." error={fault("server_password")} />
      </Show>
      <Show when={props.words.asksKnock}>
        <TextArea label="What to say at the door" name="knock" maxLength={LIMITS.knockText} value={knock()} onInput={setKnock} placeholder="It's Jonas, from the climbing hall." error={fault("knock")} />
      </Show>
      <ErrorNote error={shown() ? undefined : register.error()} />
      <Button class={css.wide} type="submit" kind="primary" busy={register.busy()} disabled={usernameProblem(username()) !== undefined}>
        {props.words.action}
      </Button>
    </form>
  );
}

/** The field that a refusal is about, where its code says it. */
const codeFields: Record<string, string> = { username_taken: "username", server_password: "server_password", invite_invalid: "invite" };
