import { createEffect, createSignal, For, on, onCleanup, onMount, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Avatar } from "../../components/Avatar";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { Icon } from "../../components/Icon";
import { Note } from "../../components/Note";
import { TextField } from "../../components/TextField";
import { desktop, DesktopError } from "../../backend/desktop/ipc";
import type { FoundServer, NearbyServer } from "../../protocol/desktop";
import type { Account } from "../../state/fleet";
import { invitePath } from "../../paths";
import { inviteCode } from "../auth/words";
import { useFleet } from "./context";
import { Fingerprint } from "./Fingerprint";
import { spoken } from "./words";
import css from "./servers.module.css";

/** What was found at an address, or that its certificate has to be compared first. */
type Found = { address: string; server: FoundServer; fingerprint: string | null } | { address: string; compare: string };

/** An address or an invite link, as people type and paste it. */
export function addressOf(text: string): string {
  const plain = text.trim();
  return /^https?:\/\//i.test(plain) ? plain : `https://${plain}`;
}

/** Finds a server by its address, by an invite link, or on the local network. */
export function AddServer(props: { onAdded: (account: Account) => void }) {
  const fleet = useFleet()!;
  const [text, setText] = createSignal("");
  const [found, setFound] = createSignal<Found>();
  const [nearby, setNearby] = createSignal<NearbyServer[]>([]);
  onCleanup(desktop.watchNearby(setNearby));
  createEffect(
    on(fleet.asked, (link) => {
      if (link === null) return;
      setFound(undefined);
      setText(link.address + (link.invite === null ? "" : invitePath(link.invite)));
    }),
  );

  let place!: HTMLDivElement;
  onMount(() => place.querySelector<HTMLElement>("input")?.focus());
  // What was pressed is gone with its work done.
  createEffect(on(found, (one) => one && place.querySelector<HTMLElement>("section[data-autofocus], section [data-autofocus]")?.focus(), { defer: true }));

  const look = createAction(async (address: string, fingerprint: string | null) => {
    setFound(undefined);
    // Another address may have been typed meanwhile.
    const wanted = (): boolean => addressOf(text()) === address;
    try {
      const server = await desktop.find(address, fingerprint);
      if (wanted()) setFound({ address, server, fingerprint });
    } catch (thrown) {
      if (!wanted()) return;
      if (!(thrown instanceof DesktopError) || thrown.why.code !== "untrusted" || thrown.why.fingerprint === null) throw thrown;
      setFound({ address, compare: thrown.why.fingerprint });
    }
  });
  const add = createAction(async (one: Extract<Found, { server: FoundServer }>) => {
    const code = /\/invite\//.test(one.address) ? inviteCode(one.address) : "";
    props.onAdded(await fleet.add(one.address, one.fingerprint, code === "" ? undefined : invitePath(code)));
  });

  return (
    <div class={css.add} ref={(element) => (place = element)}>
      <form class={css.form} onSubmit={(event) => (event.preventDefault(), void look.run(addressOf(text()), null))}>
        <Show when={fleet.asked() !== null}>
          <Note>A link that was opened leads to this server. Look for it only if you know who gave you the link.</Note>
        </Show>
        <TextField label="Address or invite link" required value={text()} onInput={(value) => (setText(value), setFound(undefined))} placeholder="snug.example" />
        <ErrorNote error={look.error()} />
        <Show when={found() === undefined}>
          <Button type="submit" kind="primary" busy={look.busy()} disabled={text().trim() === ""}>
            Look for it
          </Button>
        </Show>
      </form>
      <Show when={found()} keyed>
        {(one) =>
          "compare" in one ? (
            <Fingerprint
              title="Is it this one?"
              text="Nobody whom this computer trusts vouches for the server, because it made its certificate itself. When it was started it printed a fingerprint. If it was this one, all is well:"
              fingerprint={one.compare}
              busy={look.busy()}
              onSame={() => void look.run(one.address, one.compare)}
              onOther={() => setFound(undefined)}
            />
          ) : (
            <section class={css.found} aria-label="Found">
              <Avatar square id={one.server.origin} name={one.server.info.name} src={undefined} size={48} />
              <div class={css.who}>
                <strong>{one.server.info.name}</strong>
                <span>
                  {spoken(one.server.origin)} · version {one.server.info.version}
                </span>
              </div>
              <ErrorNote error={add.error()} />
              <Button kind="primary" data-autofocus busy={add.busy()} onClick={() => void add.run(one)}>
                Go there
              </Button>
            </section>
          )
        }
      </Show>
      <Show when={nearby().length > 0 && found() === undefined}>
        <section aria-label="On this network">
          <h2 class={css.label}>On this network</h2>
          <ul class={css.list}>
            <For each={nearby()}>
              {(one) => (
                <li>
                  <button type="button" class={css.nearby} disabled={look.busy()} onClick={() => (setText(one.addresses[0] ?? ""), void look.run(one.addresses[0] ?? "", null))}>
                    <Icon name="home" size={20} />
                    <span class={css.who}>
                      <strong>{one.name}</strong>
                      <span>{spoken(one.addresses[0] ?? "")}</span>
                    </span>
                  </button>
                </li>
              )}
            </For>
          </ul>
        </section>
      </Show>
    </div>
  );
}
