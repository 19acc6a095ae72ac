import { createSignal } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { faultOf, otherThan } from "../../components/faults";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/Toast";
import { LIMITS } from "../../protocol/constants";
import { useSnug } from "../../state/context";
import css from "./PasswordForm.module.css";

/** Asks for the password now and the one from now on, twice. */
export function PasswordForm(props: { username: string }) {
  const { api } = useSnug();
  const [current, setCurrent] = createSignal("");
  const [next, setNext] = createSignal("");
  const [again, setAgain] = createSignal("");
  const short = () => next() !== "" && [...next()].length < LIMITS.passwordMin;
  const differs = () => again() !== "" && again() !== next();
  const ready = () => current() !== "" && next() !== "" && again() === next() && !short();

  const change = createAction(async () => {
    await api.me.changePassword({ current: current(), new: next() });
    setCurrent("");
    setNext("");
    setAgain("");
    toast({ text: "Password changed. Your other sessions have ended.", kind: "good" });
  });

  return (
    <form
      class={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready()) void change.run();
      }}
    >
      <input type="text" name="username" autocomplete="username" value={props.username} hidden readOnly />
      <TextField label="Current password" type="password" autocomplete="current-password" value={current()} onInput={setCurrent} error={faultOf(change.error(), "current")} />
      <TextField
        label="New password"
        type="password"
        autocomplete="new-password"
        maxLength={LIMITS.passwordMax}
        value={next()}
        onInput={setNext}
        error={short() ? `At least ${LIMITS.passwordMin} characters.` : faultOf(change.error(), "new")}
        hint={`At least ${LIMITS.passwordMin} characters. Four random words are good.`}
      />
      <TextField label="New password again" type="password" autocomplete="new-password" value={again()} onInput={setAgain} error={differs() ? "It differs from the one above." : undefined} />
      <ErrorNote error={otherThan(change.error(), "current", "new")} />
      <div>
        <Button kind="primary" type="submit" busy={change.busy()} disabled={!ready()}>
          Change password
        </Button>
      </div>
    </form>
  );
}
