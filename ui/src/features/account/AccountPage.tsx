import { createSignal, For, Show } from "solid-js";
import { Button } from "../../components/Button";
import { Section } from "../../components/Section";
import type { Account } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { DeleteAccountDialog } from "./DeleteAccountDialog";
import { PasswordForm } from "./PasswordForm";

export function AccountPage(props: { account: Account }) {
  const { state } = useSnug();
  const [open, setOpen] = createSignal(false);
  const owned = () => Object.values(state.spaces).filter((space) => space.owner_id === props.account.id);

  return (
    <>
      <Section title="Change password" hint="Your other sessions end. This one stays.">
        <PasswordForm username={props.account.username} />
      </Section>
      <Section danger title="Delete account" hint="Your name and profile go for good. What you wrote stays, without your name.">
        <Show
          when={!props.account.owner}
          fallback={<p>You own this server, and a server needs an owner. The account can go only with the server itself.</p>}
        >
          <Show when={owned().length > 0}>
            <p>
              First find a new owner for what you own, or delete it:{" "}
              <For each={owned()}>
                {(space, at) => (
                  <>
                    {at() > 0 ? ", " : ""}
                    <strong>{space.name}</strong>
                  </>
                )}
              </For>
              . Both are in the space's settings, under Overview.
            </p>
          </Show>
          <div>
            <Button kind="soft-danger" icon="trash" disabled={owned().length > 0} onClick={() => setOpen(true)}>
              Delete my account
            </Button>
          </div>
          <DeleteAccountDialog open={open()} onClose={() => setOpen(false)} />
        </Show>
      </Section>
    </>
  );
}
