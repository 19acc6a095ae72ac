import { createSignal } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/TextField";
import type { LoggedIn } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import css from "./auth.module.css";

/** Username and password. */
export function LogInForm(props: { onIn: (loggedIn: LoggedIn) => void }) {
  const { api } = useSnug();
  const [username, setUsername] = createSignal("");
  const [password, setPassword] = createSignal("");
  const logIn = createAction(async () => props.onIn(await api.auth.login({ username: username().trim(), password: password(), cookie: true })));
  return (
    <form
      class={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        void logIn.run();
      }}
    >
      <TextField label="Username" name="username" autocomplete="username" autocapitalize="none" spellcheck={false} data-autofocus required value={username()} onInput={setUsername} />
      <TextField label="Password" name="password" type="password" autocomplete="current-password" required value={password()} onInput={setPassword} />
      <ErrorNote error={logIn.error()} />
      <Button class={css.wide} type="submit" kind="primary" busy={logIn.busy()}>
        Log in
      </Button>
    </form>
  );
}
