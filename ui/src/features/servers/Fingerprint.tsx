import { ErrorNote } from "../../components/ErrorNote";
import { Button } from "../../components/Button";
import css from "./servers.module.css";

/** A certificate that nobody vouches for: to be compared with what the server printed. */
export function Fingerprint(props: { title: string; text: string; fingerprint: string; busy: boolean; error?: unknown; onSame: () => void; onOther: () => void }) {
  return (
    <section class={css.compare} aria-label="Compare the fingerprint" tabIndex={-1} data-autofocus>
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      <code class={css.fingerprint}>{props.fingerprint}</code>
      <ErrorNote error={props.error} />
      <div class={css.buttons}>
        <Button onClick={() => props.onOther()}>It is another</Button>
        <Button kind="primary" busy={props.busy} onClick={() => props.onSame()}>
          It is the same
        </Button>
      </div>
    </section>
  );
}
